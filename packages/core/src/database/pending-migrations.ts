import type { Database } from './database.ts'
import { appliedMigrations } from './migration-table.ts'
import type { MigrationNaming, MigrationReference, MigrationSet } from './migration.ts'
import { planMigrations } from './plan-migrations.ts'
import { renderMigrations } from './render-migration.ts'
import { tableNames } from './table-names.ts'

/**
 * The migrations that {@link migrate} would apply, in order. Changes nothing.
 *
 * @throws `CORE_DATABASE_MIGRATION_CHANGED`, `CORE_DATABASE_MIGRATION_ORDER`, `CORE_DATABASE_MIGRATION_INVALID`
 * @example
 * ```ts
 * import { pendingMigrations, sqliteDatabase } from '@exprsn/core/database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const orders = { name: 'orders', migrations: [{ id: '001', sql: 'create table orders (id text primary key)' }] }
 * console.log(await pendingMigrations(database, [orders])) // [ { set: 'orders', id: '001' } ]
 * ```
 */
export async function pendingMigrations(
  database: Database,
  sets: readonly MigrationSet[],
  naming: MigrationNaming = {},
): Promise<MigrationReference[]> {
  const names = tableNames(database.dialect, naming)
  const migrations = renderMigrations(sets, database.dialect, names)
  const { pending } = planMigrations(migrations, await appliedMigrations(database, names))
  return pending.map(({ set, id }) => ({ set, id }))
}
