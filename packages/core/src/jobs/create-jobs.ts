import { systemClock } from '../clock/system-clock.ts'
import type { Database } from '../database/database.ts'
import type { MigrationNaming } from '../database/migration.ts'
import { createInbox } from './inbox.ts'
import { jobsOver, type JobsOptions } from './jobs-over.ts'
import type { DatabaseJobs } from './jobs.ts'
import { jobMigrations } from './sql/migrations.ts'
import { sqlBackend } from './sql/sql-backend.ts'

/** Options of {@link createJobs}. */
export interface CreateJobsOptions<Payloads> extends JobsOptions<Payloads>, MigrationNaming {
  /** Where the jobs stand; it stays open. */
  readonly database: Database
}

/**
 * Background jobs in the host's own database, SQLite or PostgreSQL: no other server, and a job can be enqueued in the same
 * transaction as the change that calls for it. Nothing runs before `start()` or `drain()`.
 *
 * A job runs at least once. It holds a lease that its worker renews; when the worker vanishes, another takes the job over,
 * and the first can no longer complete it. With `completeWith` its effect happens exactly once. Time is the server's on
 * PostgreSQL, to within a round trip, and the process's on SQLite.
 *
 * @throws `CORE_JOBS_OPTION_INVALID`, `CORE_DURATION_INVALID`, `CORE_DATABASE_NAME`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createJobs, type Job } from '@exprsn/core/jobs'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const jobs = createJobs({
 *   database,
 *   handlers: { 'invoice.send': async (job: Job<{ orderId: string }>) => console.log('sending', job.payload.orderId) },
 * })
 * await migrate(database, [jobs.migrations])
 * await database.transaction(async (tx) => {
 *   // … save the order …
 *   await jobs.enqueue('invoice.send', { orderId: 'A-1001' }, { tx, key: 'A-1001' })
 * })
 * const { done } = await jobs.drain({ deadline: '10s' })
 * console.log(done) // 1
 * ```
 */
export function createJobs<Payloads>(options: CreateJobsOptions<Payloads>): DatabaseJobs<Payloads> {
  const { database, prefix, schema, clock = systemClock } = options
  const jobs = jobsOver(sqlBackend({ database, clock, prefix, schema }), options)
  return { ...jobs, migrations: jobMigrations, inbox: createInbox({ prefix, schema, clock }) }
}
