import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/database.ts'
import type { MigrationNaming } from '../database/migration.ts'
import { tableNames } from '../database/table-names.ts'
import type { CircuitStore, CircuitTally } from '../resilience/circuit-store.ts'
import { statementTime } from './statement-time.ts'

/** Options of {@link databaseCircuitStore}. */
export interface DatabaseCircuitStoreOptions extends MigrationNaming {
  /** Holds the tables of `resilienceMigrations`. */
  readonly database: Database
  /** @default the server's clock on PostgreSQL, the system's on SQLite */
  readonly clock?: Clock | undefined
}

/**
 * Votes of a `sharedCircuitBreaker` in a table of the host's database. Votes that have run out are deleted on the way.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { policy, sharedCircuitBreaker } from '@exprsn/core/resilience'
 * import { databaseCircuitStore, resilienceMigrations } from '@exprsn/core/resilience-database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [resilienceMigrations])
 * await using breaker = sharedCircuitBreaker({ name: 'mail', store: databaseCircuitStore({ database }) })
 * console.log(await policy(breaker)(async () => 'sent')) // sent
 * ```
 */
export function databaseCircuitStore(options: DatabaseCircuitStoreOptions): CircuitStore {
  const { database, clock } = options
  const table = tableNames(database.dialect, options).table('circuit_votes')
  return {
    async vote({ circuit, instance, open, ttl }, { signal } = {}) {
      const cast = statementTime(database, clock, 5)
      await database.query(
        `insert into ${table} (circuit, instance, is_open, expires_at)
           values ($1, $2, $3, ${cast.expression} + cast($4 as bigint))
           on conflict (circuit, instance) do update set is_open = excluded.is_open, expires_at = excluded.expires_at`,
        [circuit, instance, open, Math.ceil(ttl * 1_000), ...cast.values],
        { signal },
      )
      const time = statementTime(database, clock, 2)
      await database.query(
        `delete from ${table} where circuit = $1 and expires_at <= ${time.expression}`,
        [circuit, ...time.values],
        { signal },
      )
      const { rows } = await database.query<CircuitTally>(
        `select count(*) as live, coalesce(cast(sum(is_open) as bigint), 0) as open from ${table} where circuit = $1`,
        [circuit],
        { signal },
      )
      return rows[0]!
    },
    async withdraw(circuit, instance) {
      await database.query(`delete from ${table} where circuit = $1 and instance = $2`, [circuit, instance])
    },
  }
}
