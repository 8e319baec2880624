import { ExprsnError } from '../errors/exprsn-error.ts'
import { databaseErrors } from './errors.ts'
import { reasonOf } from './reason-of.ts'

interface SqliteError extends Error {
  readonly errcode: number
}

const constraintKinds: Readonly<Record<number, string>> = {
  275: 'check',
  787: 'foreign-key',
  1299: 'not-null',
  1555: 'unique',
  2067: 'unique',
  2579: 'unique',
}

/** Turns an error of node:sqlite into one of ours, by the result codes of https://sqlite.org/rescode.html. */
export function mapSqliteError(error: unknown, target: string): ExprsnError {
  if (ExprsnError.is(error)) return error
  const reason = reasonOf(error)
  if (!isSqliteError(error)) return databaseErrors.CORE_DATABASE_STATEMENT({ reason }, { cause: error })
  const details = { reason, resultCode: error.errcode }
  const cause = { cause: error }
  switch (error.errcode & 0xff) {
    case 5:
    case 6:
      return databaseErrors.CORE_DATABASE_BUSY(details, cause)
    case 8:
      return databaseErrors.CORE_DATABASE_READONLY(details, cause)
    case 11:
    case 26:
      return databaseErrors.CORE_DATABASE_CORRUPT({ ...details, target }, cause)
    case 13:
      return databaseErrors.CORE_DATABASE_FULL(details, cause)
    case 14:
      return databaseErrors.CORE_DATABASE_OPEN({ ...details, target }, cause)
    case 19:
      return constraintError(error, details)
    default:
      return databaseErrors.CORE_DATABASE_STATEMENT(details, cause)
  }
}

/** Whether the engine refused because another connection holds a lock: nothing was done, so it can be tried again. */
export function isSqliteBusy(error: unknown): boolean {
  return isSqliteError(error) && (error.errcode & 0xff) === 5
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
}

function constraintError(error: SqliteError, details: { reason: string; resultCode: number }): ExprsnError {
  const kind = constraintKinds[error.errcode] ?? 'other'
  // "UNIQUE constraint failed: orders.id, orders.line", "CHECK constraint failed: positive"; nothing for foreign keys.
  const constraint = /constraint failed: (.+)$/.exec(error.message)?.[1] ?? kind
  const all = { ...details, kind, constraint }
  return kind === 'unique'
    ? databaseErrors.CORE_DATABASE_CONFLICT(all, { cause: error })
    : databaseErrors.CORE_DATABASE_CONSTRAINT(all, { cause: error })
}
