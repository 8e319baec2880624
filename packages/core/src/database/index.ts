/**
 * One small SQL port over SQLite and PostgreSQL, with migrations.
 *
 * @packageDocumentation
 */
export type { DatabaseNotifications, Subscription } from './database-notifications.ts'
export { fromDrizzle, type DrizzleTransactionLike } from './adapters/from-drizzle.ts'
export { fromKysely, type FromKyselyOptions, type KyselyTransactionLike } from './adapters/from-kysely.ts'
export { fromPg, type PgTransactionClient } from './adapters/from-pg.ts'
export { fromPostgresJs, type PostgresJsTransactionLike } from './adapters/from-postgres-js.ts'
export { fromPrisma, type PrismaTransactionLike } from './adapters/from-prisma.ts'
export type {
  Database,
  QueryOptions,
  QueryResult,
  Queryable,
  SqlRow,
  SqlValue,
  Transaction,
  TransactionOptions,
} from './database.ts'
export { databaseErrors } from './errors.ts'
export { migrate, type MigrateOptions, type MigrationProgress, type MigrationReport } from './migrate.ts'
export type {
  Migration,
  MigrationNames,
  MigrationNaming,
  MigrationReference,
  MigrationSet,
  MigrationText,
} from './migration.ts'
export { migrationSql } from './migration-sql.ts'
export { pendingMigrations } from './pending-migrations.ts'
export type { SqlDialect } from './scan-sql.ts'
export { splitStatements, type SqlStatement } from './split-statements.ts'
export { sqliteDatabase, type SqliteDatabaseOptions } from './sqlite-database.ts'
export { tableNames } from './table-names.ts'
