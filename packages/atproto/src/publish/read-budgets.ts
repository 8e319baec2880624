import { systemClock, type Clock } from '@exprsn/core'
import { tableNames, type MigrationNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { pointsSince } from './budget-window.ts'
import { loginsOf } from './login-budget.ts'
import { publishStatements } from './statements.ts'

/** What an account has used of one of its host's limits. */
export interface BudgetUse {
  /** Points of writes, or logins with an app password, of accounts that were given a `createLoginBudget`. */
  readonly counts: 'points' | 'logins'
  /** Points, or logins, in all. */
  readonly limit: number
  /** The length of the window. */
  readonly seconds: number
  /** What was used in this window, and what may yet be counted in it. */
  readonly used: number
  /** When the next window begins. */
  readonly resetAt: Date
}

/**
 * What is left of the rate limits of an account, first of its points and then of its logins: for those who watch over it.
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
    /** @default systemClock */
    readonly clock?: Clock | undefined
  } & MigrationNaming,
): Promise<readonly BudgetUse[]> {
  const { database, did, prefix, schema, clock = systemClock } = options
  const names = tableNames(database.dialect, { prefix, schema })
  const read = (owner: string, counts: BudgetUse['counts']) => readUses(database, names, { owner, counts }, clock.now())
  return [...(await read(did, 'points')), ...(await read(loginsOf(did), 'logins'))]
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
