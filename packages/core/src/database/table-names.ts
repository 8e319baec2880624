import { databaseErrors } from './errors.ts'
import type { MigrationNames, MigrationNaming } from './migration.ts'
import type { SqlDialect } from './scan-sql.ts'

const plain = /^[a-z_][a-z0-9_]{0,39}$/i

/**
 * The quoted names of tables and indexes under a host's prefix and schema: the same for a block's migrations and for its
 * statements.
 *
 * @throws `CORE_DATABASE_NAME` for a prefix, schema or name that is not plain letters, digits and underscores.
 * @example
 * ```ts
 * import { tableNames } from '@exprsn/core/database'
 *
 * const names = tableNames('postgres', { prefix: 'app_', schema: 'ops' })
 * console.log(names.table('jobs')) // "ops"."app_jobs"
 * ```
 */
export function tableNames(dialect: SqlDialect, naming: MigrationNaming = {}): MigrationNames {
  const { prefix = 'exprsn_' } = naming
  const schema = dialect === 'postgres' ? naming.schema : undefined
  if (prefix !== '') assertPlain(prefix, 'table prefix')
  if (naming.schema !== undefined) assertPlain(naming.schema, 'schema')
  const prefixed = (name: string): string => `"${prefix}${assertPlain(name, 'table name')}"`
  return {
    prefix,
    schema,
    table: (name) => (schema === undefined ? prefixed(name) : `"${schema}".${prefixed(name)}`),
    index: prefixed,
  }
}

function assertPlain(name: string, kind: string): string {
  if (!plain.test(name)) throw databaseErrors.CORE_DATABASE_NAME({ name, kind })
  return name
}
