import { createHash } from 'node:crypto'
import { systemClock } from '../clock/system-clock.ts'
import type { DatabaseNotifications, Subscription } from '../database/database-notifications.ts'
import type { Database, Queryable } from '../database/database.ts'
import type { MigrationNaming } from '../database/migration.ts'
import { tableNames } from '../database/table-names.ts'
import { createInbox } from './inbox.ts'
import { jobsOver, type JobsOptions } from './jobs-over.ts'
import type { DatabaseJobs, Jobs } from './jobs.ts'
import { jobMigrations } from './sql/migrations.ts'
import { sqlBackend } from './sql/sql-backend.ts'

/** Options of {@link createJobs}. */
export interface CreateJobsOptions<Payloads> extends JobsOptions<Payloads>, MigrationNaming {
  /** Where the jobs stand; it stays open. */
  readonly database: Database
  /**
   * Tells idle workers of other processes at once when a job is enqueued: `postgresNotifications`. Both the processes that
   * enqueue and those that run jobs need it. It costs each enqueue one more statement.
   * @default none: they find it at their next poll
   */
  readonly notifications?: DatabaseNotifications | undefined
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
  const { database, prefix, schema, notifications, clock = systemClock } = options
  const channel = channelOf(tableNames(database.dialect, { prefix, schema }).table('jobs'))
  const announce = notifications && ((tx: Queryable) => notifications.notify(tx, channel))
  const jobs = jobsOver(sqlBackend({ database, clock, announce, prefix, schema }), options)
  const own = { migrations: jobMigrations, inbox: createInbox({ prefix, schema, clock }) }
  return notifications === undefined ? { ...jobs, ...own } : { ...wokenBy(jobs, notifications, channel), ...own }
}

/** The same jobs, listening while they run. */
function wokenBy<Payloads>(
  jobs: Jobs<Payloads>,
  notifications: DatabaseNotifications,
  channel: string,
): Jobs<Payloads> {
  let subscription: Subscription | undefined
  const unsubscribe = async (): Promise<void> => {
    const ending = subscription
    subscription = undefined
    await ending?.close()
  }
  const close: Jobs['close'] = async (options) => {
    await Promise.all([unsubscribe(), jobs.close(options)])
  }
  return {
    ...jobs,
    start() {
      jobs.start()
      subscription ??= notifications.listen(channel, () => jobs.wake())
    },
    async stop(options) {
      await Promise.all([unsubscribe(), jobs.stop(options)])
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

/** Names of channels are cut at 63 bytes, and a schema with a prefix may be longer. */
function channelOf(table: string): string {
  return `exprsn_jobs_${createHash('sha256').update(table).digest('hex').slice(0, 16)}`
}
