import type { Clock } from '../../clock/clock.ts'
import type { Database, Queryable, Transaction } from '../../database/database.ts'
import type { MigrationNaming } from '../../database/migration.ts'
import { postgresArray } from '../../database/postgres-array.ts'
import { tableNames } from '../../database/table-names.ts'
import type { ClaimedJob, JobBackend, JobOutcome, JobStats, Lease, PlannedJob, RecoveredJob } from '../backend.ts'
import { jobErrors } from '../errors.ts'
import { describeFailure } from '../failure.ts'
import { jobStates, type JobState } from '../job.ts'
import { DatabaseTime } from './database-time.ts'
import { insertJobs, needsTransaction, type EnqueueContext } from './enqueue.ts'
import { claimedJob, jobRecord, numericId, type JobRow } from './job-row.ts'
import { jobStatements } from './statements.ts'

/** What {@link sqlBackend} needs. */
export interface SqlBackendOptions extends MigrationNaming {
  readonly database: Database
  readonly clock: Clock
  /** Tells other processes that there are jobs. */
  readonly announce?: ((tx: Queryable) => Promise<void>) | undefined
}

/** Jobs in two tables of a database. */
export function sqlBackend({ database, clock, announce, ...naming }: SqlBackendOptions): JobBackend {
  const names = tableNames(database.dialect, naming)
  const statements = jobStatements(database.dialect, names)
  const time = new DatabaseTime(database, clock, statements.serverTime)
  const claims = new Map<string, string>()
  const lockName = (orderingKey: string): string => `${names.table('jobs')}:${orderingKey}`
  const pairsOf = (leases: readonly Lease[]): string[] =>
    database.dialect === 'postgres'
      ? [postgresArray(leases.map(({ id }) => Number(id))), postgresArray(leases.map(({ token }) => token))]
      : [JSON.stringify(leases.map(({ id, token }) => [Number(id), token]))]

  async function lockOrder(tx: Queryable, orderingKey: string): Promise<void> {
    if (statements.lockOrder !== undefined) await tx.query(statements.lockOrder, [lockName(orderingKey)])
  }

  /** Runs work that ends the first job of an ordering key, then lets the next one go. */
  async function ending<Result>(
    orderingKey: string | undefined,
    now: number,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    return database.transaction(async (tx) => {
      if (orderingKey !== undefined) await lockOrder(tx, orderingKey)
      const result = await work(tx)
      if (orderingKey !== undefined) await tx.query(statements.releaseNext, [now, orderingKey])
      return result
    })
  }

  async function finishMany(leases: readonly Lease[], now: number): Promise<string[]> {
    if (leases.length === 0) return []
    const { rows } = await database.query<{ id: number }>(statements.finishMany, [now, ...pairsOf(leases)])
    return rows.map(({ id }) => String(id))
  }

  async function settleOne(outcome: JobOutcome, now: number): Promise<string | undefined> {
    const { lease, state } = outcome
    const key = [Number(lease.id), lease.token]
    const error = state === 'done' ? null : JSON.stringify(outcome.error)
    const run = async (tx: Queryable): Promise<boolean> => {
      if (state !== 'retry') return (await tx.query(statements.finish, [now, state, error, ...key])).count > 0
      const runAt = now + Math.ceil(outcome.wait)
      const next = outcome.wait > 0 ? 'delayed' : 'queued'
      return (await tx.query(statements.retry, [runAt, next, error, ...key])).count > 0
    }
    const ordered = lease.orderingKey !== undefined && state !== 'retry'
    const ours = ordered ? await ending(lease.orderingKey, now, run) : await run(database)
    // An answer that was lost on the way makes the caller ask again for what has been done.
    return ours || (await isFinished(lease, state)) ? lease.id : undefined
  }

  async function isFinished({ id, token }: Lease, state: string): Promise<boolean> {
    return (await database.query(statements.finishedByUs, [Number(id), token, state])).rows.length > 0
  }

  /** Jobs that used up their attempts when their worker vanished, or that were to be cancelled. */
  async function buryExpired(now: number): Promise<RecoveredJob[]> {
    const { rows } = await database.query<JobRow>(statements.expired, [now])
    const buried: RecoveredJob[] = []
    for (const { id, token, name, attempt, ordering_key: orderingKey, cancel_requested: cancelled } of rows) {
      const error = cancelled ? jobErrors.CORE_JOBS_CANCELLED({ id }) : jobErrors.CORE_JOBS_WORKER_LOST({ id, attempt })
      const text = JSON.stringify(describeFailure(name, error))
      const state = cancelled ? 'cancelled' : 'dead'
      const done = await ending(orderingKey ?? undefined, now, async (tx) => {
        const { rows: still } = await tx.query(statements.stillExpired, [id, token, now])
        if (still.length === 0) return false
        return (await tx.query(statements.finish, [now, state, text, id, token])).count > 0
      })
      if (done) buried.push({ id: String(id), name, state: 'dead' })
    }
    return buried
  }

  async function reviveOne(id: number, orderingKey: string | null): Promise<boolean> {
    const now = await time.now()
    return database.transaction(async (tx) => {
      let state: JobState = 'queued'
      if (orderingKey !== null) {
        await lockOrder(tx, orderingKey)
        if ((await tx.query(statements.orderTaken, [orderingKey])).rows.length > 0) state = 'waiting'
      }
      return (await tx.query(statements.revive, [now, state, id])).count > 0
    })
  }

  return {
    name: database.dialect,
    capabilities: { transactions: true, completeWith: true, ordering: true, uniqueFor: true, cancelElsewhere: true },
    prefetch: 5_000,

    async enqueue(jobs, tx) {
      if (tx !== undefined && tx.dialect !== database.dialect)
        throw jobErrors.CORE_JOBS_TRANSACTION_FOREIGN({ dialect: tx.dialect, expected: database.dialect })
      if (jobs.length === 0) return []
      const now = await time.now(tx)
      const context: EnqueueContext = { statements, now, lockName }
      const insert = async (within: Queryable) => {
        const results = await insertJobs(within, jobs, context)
        if (announce !== undefined && jobs.some(isDueNow)) await announce(within)
        return results
      }
      if (tx !== undefined) return insert(tx)
      const single = jobs.length === 1 && !needsTransaction(jobs[0]!)
      return single && announce === undefined ? insert(database) : database.transaction(insert)
    },

    async claim(handled, limit, lease) {
      if (handled.length === 0 || limit < 1) return []
      const now = await time.now()
      const known = handled.join('\0')
      const text = claims.get(known) ?? statements.claim(handled)
      claims.set(known, text)
      const { rows } = await database.query<JobRow>(text, [now, now + lease, lease, limit, ...handled])
      return rows.map((row) => claimedJob(row, now)).sort(byPriority)
    },

    async promote() {
      const now = await time.now()
      await database.query(statements.promote, [now])
      const { rows } = await database.query<{ next: number | null }>(statements.nextDue)
      const next = rows[0]?.next
      return next == null ? undefined : Math.max(0, next - now)
    },

    async settle(outcomes) {
      const now = await time.now()
      const bulk = outcomes.filter(({ lease, state }) => state === 'done' && lease.orderingKey === undefined)
      const others = outcomes.filter((outcome) => !bulk.includes(outcome))
      const leases = bulk.map(({ lease }) => lease)
      const [settled, singles] = await Promise.all([
        finishMany(leases, now),
        Promise.all(others.map((outcome) => settleOne(outcome, now))),
      ])
      const ids = new Set([...settled, ...singles.filter((id) => id !== undefined)])
      for (const lease of leases) if (!ids.has(lease.id) && (await isFinished(lease, 'done'))) ids.add(lease.id)
      return ids
    },

    async completeWith(lease, work) {
      const now = await time.now()
      return ending(lease.orderingKey, now, async (tx) => {
        const { count } = await tx.query(statements.finish, [now, 'done', null, Number(lease.id), lease.token])
        if (count === 0) throw jobErrors.CORE_JOBS_LEASE_LOST({ id: lease.id })
        return work(tx)
      })
    },

    async release(leases) {
      for (const { id, token } of leases) await database.query(statements.giveBack, [Number(id), token])
    },

    async extend(leases, lease) {
      const now = await time.now()
      const { rows } = await database.query<{ id: number; cancel_requested: number }>(statements.extend, [
        now + lease,
        lease,
        ...pairsOf(leases),
      ])
      const extended = new Set(rows.map(({ id }) => String(id)))
      const lost: string[] = []
      for (const { id, token } of leases) {
        if (extended.has(id)) continue
        // A row that is locked, by `completeWith` for one, was passed over.
        const { rows: still } = await database.query(statements.stillMine, [Number(id), token])
        if (still.length === 0) lost.push(id)
      }
      const cancelled = rows.filter((row) => row.cancel_requested === 1).map(({ id }) => String(id))
      return { lost, cancelled }
    },

    async progress(lease, { done, total = null }) {
      await database.query(statements.progress, [done, total, Number(lease.id), lease.token])
    },

    async recover() {
      const now = await time.now()
      await database.query(statements.clampLeases, [now])
      const lost = JSON.stringify(describeFailure('', jobErrors.CORE_JOBS_WORKER_LOST({ id: '', attempt: 0 })))
      const { rows } = await database.query<{ id: number; name: string }>(statements.recoverMany, [now, lost])
      const again = rows.map(({ id, name }): RecoveredJob => ({ id: String(id), name, state: 'queued' }))
      const buried = await buryExpired(now)
      const stuck = await database.query<{ ordering_key: string }>(statements.stuckOrders)
      for (const { ordering_key: orderingKey } of stuck.rows) await ending(orderingKey, now, async () => {})
      return [...again, ...buried]
    },

    async cancel(id) {
      const number = numericId(id)
      if (number === undefined) return 'missing'
      const { rows } = await database.query<{ ordering_key: string | null }>(statements.orderOf, [number])
      if (rows[0] === undefined) return 'missing'
      const now = await time.now()
      const error = JSON.stringify(describeFailure('', jobErrors.CORE_JOBS_CANCELLED({ id })))
      const quiet = await ending(rows[0].ordering_key ?? undefined, now, async (tx) => {
        return (await tx.query(statements.cancelQuiet, [now, error, number])).count > 0
      })
      if (quiet) return 'cancelled'
      const { count } = await database.query(statements.cancelRunning, [number])
      return count > 0 ? 'requested' : 'finished'
    },

    async get(id) {
      const number = numericId(id)
      if (number === undefined) return undefined
      const { rows } = await database.query<JobRow>(statements.byId, [number])
      return rows[0] && jobRecord(rows[0])
    },

    async list({ state = '', name = '', after, limit = 100 }) {
      const behind = after === undefined ? 0 : (numericId(after) ?? 0)
      const { rows } = await database.query<JobRow>(statements.list, [behind, state, name, limit])
      return rows.map((row) => jobRecord(row))
    },

    async stats() {
      const now = await time.now()
      const { rows } = await database.query<{ state: JobState; count: number }>(statements.count)
      const oldest = (await database.query<{ oldest: number | null }>(statements.oldest)).rows[0]?.oldest
      const counts = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>
      for (const { state, count } of rows) counts[state] = count
      return { ...counts, oldestQueued: oldest == null ? 0 : Math.max(0, now - oldest) } as JobStats
    },

    async retryDead({ id, name = '' }) {
      const number = id === undefined ? 0 : (numericId(id) ?? -1)
      const { rows } = await database.query<JobRow>(statements.dead, [number, name])
      const revived: string[] = []
      for (const row of rows) {
        const done = await reviveOne(row.id, row.ordering_key).catch((error: unknown) => {
          if (isConflict(error)) return false
          throw error
        })
        if (done) revived.push(String(row.id))
      }
      return revived
    },

    async clean({ done, dead, inbox }) {
      const now = await time.now()
      const before = (age: number | undefined): number => (age === undefined ? 0 : now - age)
      const { count } = await database.query(statements.clean, [now, before(done), before(dead)])
      if (inbox !== undefined) await database.query(statements.cleanInbox, [now - inbox])
      return count
    },

    async foreignNames(handled) {
      if (handled.length === 0) return []
      const { rows } = await database.query<{ name: string }>(statements.foreign(handled), handled)
      return rows.map(({ name }) => name)
    },

    close: async () => {},
  }
}

/** The key of a dead job is taken by a younger one. */
function isConflict(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'CORE_DATABASE_CONFLICT'
}

function byPriority(left: ClaimedJob, right: ClaimedJob): number {
  return right.priority - left.priority || Number(left.id) - Number(right.id)
}

/** Others become due later, which their workers find out by themselves. */
function isDueNow({ due }: PlannedJob): boolean {
  return 'delay' in due && due.delay === 0
}
