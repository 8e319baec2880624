import { systemClock, type Clock } from '@exprsn/core'
import { tableNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'

/** What an account has used of one of its host's limits. */
export interface BudgetUse {
  /** Points in all. */
  readonly limit: number
  /** The length of the window. */
  readonly seconds: number
  /** Points that were used in this window. */
  readonly used: number
  /** When the next window begins. */
  readonly resetAt: Date
}

/**
 * What is left of the rate limits of an account: for those who watch over it.
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
  const table = tableNames(database.dialect, { prefix, schema }).table('publish_budget')
  const sql = `select name, used, reset_at from ${table} where did = $1 order by name`
  const { rows } = await database.query<{ name: string; used: number; reset_at: number }>(sql, [did])
  const now = clock.now()
  return rows.flatMap(({ name, used, reset_at: resetAt }) => {
    const [, limit, seconds] = /^(\d+);w=(\d+)$/.exec(name) ?? []
    if (limit === undefined || seconds === undefined) return []
    const isOver = Number(resetAt) <= now
    return [
      {
        limit: Number(limit),
        seconds: Number(seconds),
        used: isOver ? 0 : Number(used),
        resetAt: new Date(isOver ? now : Number(resetAt)),
      },
    ]
  })
}
