import type { MigrationNaming, MigrationSet } from './migration.ts'
import { renderMigrations } from './render-migration.ts'
import type { SqlDialect } from './scan-sql.ts'
import { tableNames } from './table-names.ts'

/**
 * A set as plain SQL text, for hosts that run migrations with a tool of their own. It keeps no record of what was
 * applied: use either this or {@link migrate} for a set, not both.
 *
 * @throws `CORE_DATABASE_MIGRATION_INVALID`, `CORE_DATABASE_NAME`
 * @example
 * ```ts
 * import { migrationSql } from '@exprsn/core/database'
 *
 * const orders = { name: 'orders', migrations: [{ id: '001', sql: 'create table orders (id text primary key)' }] }
 * console.log(migrationSql(orders, 'postgres'))
 * ```
 */
export function migrationSql(set: MigrationSet, dialect: SqlDialect, naming: MigrationNaming = {}): string {
  const migrations = renderMigrations([set], dialect, tableNames(dialect, naming))
  return migrations
    .map(({ id, statements }) => `-- ${set.name}/${id}\n${statements.map(({ text }) => `${text};\n`).join('')}`)
    .join('\n')
}
