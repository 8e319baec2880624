import type { ExprsnError } from '../../errors/exprsn-error.ts'
import { mapSqliteError } from '../sqlite-errors.ts'

/** Names of https://sqlite.org/rescode.html, as better-sqlite3 and libsql put them into `code`. */
const resultCodes: Readonly<Record<string, number>> = {
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_READONLY: 8,
  SQLITE_CORRUPT: 11,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_CONSTRAINT: 19,
  SQLITE_NOTADB: 26,
  SQLITE_CONSTRAINT_CHECK: 275,
  SQLITE_CONSTRAINT_FOREIGNKEY: 787,
  SQLITE_CONSTRAINT_NOTNULL: 1299,
  SQLITE_CONSTRAINT_PRIMARYKEY: 1555,
  SQLITE_CONSTRAINT_UNIQUE: 2067,
  SQLITE_CONSTRAINT_ROWID: 2579,
}

/** Turns an error of the host's SQLite library into one of ours; those of node:sqlite carry the number already. */
export function mapHostSqliteError(error: unknown): ExprsnError {
  if (!(error instanceof Error) || !('code' in error) || 'errcode' in error) return mapSqliteError(error, 'host')
  const name = String(error.code)
  // An extended code that is not listed counts as its primary one: SQLITE_BUSY_SNAPSHOT as SQLITE_BUSY.
  const errcode = resultCodes[name] ?? resultCodes[name.split('_').slice(0, 2).join('_')]
  if (errcode === undefined) return mapSqliteError(error, 'host')
  return mapSqliteError(Object.assign(new Error(error.message, { cause: error }), { errcode }), 'host')
}
