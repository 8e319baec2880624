import { systemClock, type Clock } from '@exprsn/core'
import { tableNames, type MigrationNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { pointsSince } from './budget-window.ts'
import { loginsOf } from './login-budget.ts'
import { requestsOf } from './request-budget.ts'
import { publishStatements } from './statements.ts'

/** What an account has used of one of its host's limits. */
export interface BudgetUse {
  /** Points of writes; logins with an app password, where `createLoginBudget` counts them; requests, as `createRequestBudget` does. */
  readonly counts: 'points' | 'logins' | 'requests'
  /** How many there are in all. */
  readonly limit: number
  /** The length of the window. */
  readonly seconds: number
  /** What was used in this window, and what may yet be counted in it. */
  readonly used: number
  /** When the next window begins. */
  readonly resetAt: Date
}

/**
 * What is left of the rate limits of an account, first of its points, then of its logins, then of requests to its host: for those
 * who watch over it.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { publishMigrations, readBudgets } from '@exprsn/atproto/publish'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [publishMigrations])
 * console.log(await readBudgets({ database, did: 'did:plc:example' })) // []
 * ```
 */
export async function readBudgets(
  options: {
    /** That of the publisher. */
    readonly database: Queryable
    /** The publisher's account. */
    readonly did: string
    /** The host whose requests are counted, and from where. @default requests are not told */
    readonly service?: string | undefined
    readonly address?: string | undefined
    /** @default systemClock */
    readonly clock?: Clock | undefined
  } & MigrationNaming,
): Promise<readonly BudgetUse[]> {
  const { database, did, service, address, prefix, schema, clock = systemClock } = options
  const names = tableNames(database.dialect, { prefix, schema })
  const read = (owner: string, counts: BudgetUse['counts']) => readUses(database, names, { owner, counts }, clock.now())
  const requests = service === undefined ? [] : await read(requestsOf(service, address), 'requests')
  return [...(await read(did, 'points')), ...(await read(loginsOf(did), 'logins')), ...requests]
}

async function readUses(
  database: Queryable,
  names: MigrationNames,
  { owner, counts }: { readonly owner: string; readonly counts: BudgetUse['counts'] },
  now: number,
): Promise<readonly BudgetUse[]> {
  const { readBudgets: sql, sumReserved } = publishStatements(names)
  const { rows } = await database.query<{ name: string; used: number; reset_at: number }>(sql, [owner])
  const uses: BudgetUse[] = []
  for (const { name, used, reset_at: at } of rows) {
    const [limit, seconds] = /^(\d+);w=(\d+)$/.exec(name)?.slice(1).map(Number) ?? []
    if (limit === undefined || seconds === undefined) continue
    const resetAt = Number(at)
    const since = pointsSince(seconds, resetAt, now)
    const reserved = await database.query<{ points: number | null }>(sumReserved, [owner, since])
    const points = Number(reserved.rows[0]!.points)
    const isOver = resetAt <= now
    uses.push({
      counts,
      limit,
      seconds,
      used: points + (isOver ? 0 : Number(used)),
      resetAt: new Date(isOver ? now : resetAt),
    })
  }
  return uses
}
