import type { ConformanceCase } from './conformance.ts'
import { jobCapabilityCases } from './jobs-conformance/capable.ts'
import { jobHoldingCases } from './jobs-conformance/holding.ts'
import type { JobsSubject } from './jobs-conformance/jobs-subject.ts'
import { jobRunningCases } from './jobs-conformance/running.ts'

export type { JobsSubject } from './jobs-conformance/jobs-subject.ts'

/**
 * What every backend of jobs must do. Each case wants a new, empty queue; what a backend's `capabilities` deny, it has to
 * refuse with `CORE_JOBS_UNSUPPORTED`.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createJobs, jobMigrations } from '@exprsn/core/jobs'
 * import { jobsConformance } from '@exprsn/core/testing'
 *
 * for (const { name, run } of jobsConformance.slice(0, 2)) {
 *   await using database = sqliteDatabase({ path: ':memory:' })
 *   await migrate(database, [jobMigrations])
 *   await run({ database, create: (options) => createJobs({ database, ...options }) })
 *   console.log('ok:', name)
 * }
 * ```
 */
export const jobsConformance: readonly ConformanceCase<JobsSubject>[] = [
  ...jobRunningCases,
  ...jobHoldingCases,
  ...jobCapabilityCases,
]
