import type { Clock } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming, type MigrationSet } from '@exprsn/core/database'

/** Remembers which tokens were used, for as long as they could be used again. */
export interface UsedTokens {
  /** Notes a token. @returns false when it was noted before */
  use(key: string, expiresAt: number): Promise<boolean> | boolean
}

/** The table of `databaseTokens`. */
export const usedTokenMigrations: MigrationSet = {
  name: 'atproto-tokens',
  migrations: [
    {
      id: '001-tokens',
      sql: (names) =>
        `create table ${names.table('service_token')} (name varchar(300) primary key, expires_at bigint not null);
create index ${names.index('service_token_expires')} on ${names.table('service_token')} (expires_at);`,
    },
  ],
}

/**
 * Used tokens in memory: for one process.
 *
 * @example
 * ```ts
 * import { memoryTokens } from '@exprsn/atproto/federation'
 *
 * const tokens = memoryTokens()
 * console.log(await tokens.use('a', Date.now() + 60_000), await tokens.use('a', Date.now() + 60_000)) // true false
 * ```
 */
export function memoryTokens({
  clock,
}: { /** @default systemClock */ readonly clock?: Clock | undefined } = {}): UsedTokens {
  const known = new Map<string, number>()
  let sweepAt = 1_000
  return {
    use(key, expiresAt) {
      if (known.has(key)) return false
      known.set(key, expiresAt)
      if (known.size < sweepAt) return true
      const now = clock?.now() ?? expiresAt - 60_000
      for (const [other, until] of known) if (until < now) known.delete(other)
      sweepAt = Math.max(1_000, known.size * 2)
      return true
    },
  }
}

/**
 * Used tokens in the database: for several processes.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { databaseTokens, usedTokenMigrations } from '@exprsn/atproto/federation'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [usedTokenMigrations])
 * const tokens = databaseTokens({ database })
 * console.log(await tokens.use('a', Date.now()), await tokens.use('a', Date.now())) // true false
 * ```
 */
export function databaseTokens(
  options: {
    /** Where `usedTokenMigrations` are. */
    readonly database: Database
  } & MigrationNaming,
): UsedTokens {
  const { database, prefix, schema } = options
  const table = tableNames(database.dialect, { prefix, schema }).table('service_token')
  let uses = 0
  return {
    async use(key, expiresAt) {
      const sql = `insert into ${table} (name, expires_at) values ($1, $2) on conflict do nothing`
      const { count } = await database.query(sql, [key, expiresAt])
      // Those of the last hour may still be asked for by a process whose clock is behind.
      if (++uses % 1_000 === 0)
        await database.query(`delete from ${table} where expires_at < $1`, [expiresAt - 3_600_000])
      return count > 0
    },
  }
}
