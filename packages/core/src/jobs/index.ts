/**
 * A durable queue over the host's own database: transactional outbox, idempotent inbox, ordering, retries, dead letters.
 *
 * @packageDocumentation
 */
export type { CancelResult, EnqueuedJob, JobCapabilities, JobFilter, JobStats } from './backend.ts'
export { createJobs, type CreateJobsOptions } from './create-jobs.ts'
export type { EnqueueCallOptions, EnqueueOptions } from './enqueue-options.ts'
export { jobErrors } from './errors.ts'
export { createInbox, type Inbox, type InboxOptions, type InboxResult } from './inbox.ts'
export type { JobEvent } from './job-event.ts'
export type { JobContext, JobDefinition, JobHandler, JobHandlers } from './job-handler.ts'
export type { Job, JobFailure, JobProgress, JobRecord, JobState } from './job.ts'
export type { JobsOptions } from './jobs-over.ts'
export type { DatabaseJobs, DrainOptions, DrainReport, Jobs, JobToEnqueue, PayloadOf, StopOptions } from './jobs.ts'
export { jobMigrations } from './sql/migrations.ts'
