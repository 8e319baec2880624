import type { Queryable, SqlValue } from '../../database/database.ts'
import { postgresArray } from '../../database/postgres-array.ts'
import type { SqlDialect } from '../../database/scan-sql.ts'
import type { EnqueuedJob, PlannedJob } from '../backend.ts'
import type { JobStatements } from './statements.ts'

/** What storing jobs needs beside a transaction. */
export interface EnqueueContext {
  readonly statements: JobStatements
  /** Milliseconds since 1970. */
  readonly now: number
  /** Sets the ordering keys of this table apart from those of another in the same server. */
  readonly lockName: (orderingKey: string) => string
}

const rowsPerStatement = 1_000

/** Whether a job needs more than one statement, and so a transaction. */
export function needsTransaction({ orderingKey, key }: PlannedJob): boolean {
  return orderingKey !== undefined || key !== undefined
}

/** Stores jobs: those without keys many at once, the others one by one. */
export async function insertJobs(
  tx: Queryable,
  jobs: readonly PlannedJob[],
  context: EnqueueContext,
): Promise<EnqueuedJob[]> {
  const results: EnqueuedJob[] = []
  const plain: number[] = []
  for (const [index, job] of jobs.entries()) {
    if (!needsTransaction(job)) plain.push(index)
    else results[index] = await insertKeyed(tx, job, context)
  }
  for (let start = 0; start < plain.length; start += rowsPerStatement) {
    const chunk = plain.slice(start, start + rowsPerStatement)
    const ids = await insertPlain(
      tx,
      chunk.map((index) => jobs[index]!),
      context,
    )
    for (const [place, index] of chunk.entries()) results[index] = { id: ids[place]!, created: true }
  }
  return results
}

async function insertPlain(
  tx: Queryable,
  jobs: readonly PlannedJob[],
  { statements, now }: EnqueueContext,
): Promise<string[]> {
  if (jobs.length === 1) {
    const { rows } = await tx.query<{ id: number }>(statements.insert, valuesOf(jobs[0]!, now, false))
    return rows.map(({ id }) => String(id))
  }
  const list = jobs.map((job) => {
    const [name, payload, state, priority, runAt, attempts, backoff] = valuesOf(job, now, false)
    return [name, payload, state, priority, runAt, attempts, backoff] as (string | number | null)[]
  })
  const { rows } = await tx.query<{ id: number }>(statements.insertMany, [now, ...listed(list, tx.dialect)])
  return rows
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .map(String)
}

/** Rows as one JSON list for SQLite, and column by column for PostgreSQL, which reads its own arrays in half the time. */
function listed(rows: readonly (readonly (string | number | null)[])[], dialect: SqlDialect): string[] {
  if (dialect === 'sqlite') return [JSON.stringify(rows)]
  return rows[0]!.map((_, column) => postgresArray(rows.map((row) => row[column]!)))
}

async function insertKeyed(tx: Queryable, job: PlannedJob, context: EnqueueContext): Promise<EnqueuedJob> {
  const { statements } = context
  if (job.orderingKey === undefined) return insertUnique(tx, job, context, false)
  // Under the lock of the key, so that ids ascend in the order of the commits.
  if (statements.lockOrder !== undefined) await tx.query(statements.lockOrder, [context.lockName(job.orderingKey)])
  const { rows } = await tx.query(statements.orderTaken, [job.orderingKey])
  return insertUnique(tx, job, context, rows.length > 0)
}

/** Until there is either a row of ours or one that holds the key: its holder may finish between two statements. */
async function insertUnique(
  tx: Queryable,
  job: PlannedJob,
  { statements, now }: EnqueueContext,
  waits: boolean,
): Promise<EnqueuedJob> {
  for (;;) {
    const inserted = await tx.query<{ id: number }>(statements.insertUnique, valuesOf(job, now, waits))
    if (inserted.rows[0] !== undefined) return { id: String(inserted.rows[0].id), created: true }
    const holder = (
      await tx.query<{ id: number; finished_at: number | null; key_until: number | null }>(statements.keyHolder, [
        job.name,
        job.key!,
      ])
    ).rows[0]
    if (holder === undefined) continue
    const expired = holder.finished_at !== null && (holder.key_until ?? 0) <= now
    if (!expired) return { id: String(holder.id), created: false }
    await tx.query(statements.freeKey, [now, holder.id])
  }
}

function valuesOf(job: PlannedJob, now: number, waits: boolean): SqlValue[] {
  const runAt = 'at' in job.due ? job.due.at : now + Math.ceil(job.due.delay)
  const state = waits ? 'waiting' : runAt > now ? 'delayed' : 'queued'
  const until = job.uniqueFor === undefined ? null : now + Math.ceil(job.uniqueFor)
  const backoff = job.backoff === undefined ? null : JSON.stringify(job.backoff)
  const { name, payload, priority, attempts, key = null, orderingKey = null } = job
  return [name, payload, state, priority, runAt, attempts, backoff, key, key, until, orderingKey, now]
}
