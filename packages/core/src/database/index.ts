/**
 * One small SQL port over SQLite and PostgreSQL.
 *
 * @packageDocumentation
 */
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
