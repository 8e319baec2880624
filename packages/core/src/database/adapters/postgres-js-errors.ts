import type { ExprsnError } from '../../errors/exprsn-error.ts'
import { reasonOf } from '../reason-of.ts'
import { databaseErrors } from '../errors.ts'
import { mapPostgresError } from '../postgres-errors.ts'

const connectionCodes = new Set(['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'])

/** Turns an error of postgres.js into one of ours: it names the fields of the server's message otherwise than `pg`. */
export function mapPostgresJsError(error: unknown): ExprsnError {
  if (!(error instanceof Error) || !('code' in error)) return mapPostgresError(error, 'transaction', 'client')
  if (connectionCodes.has(String(error.code))) {
    const details = { reason: reasonOf(error), target: 'client' }
    return databaseErrors.CORE_DATABASE_CONNECTION_LOST(details, { cause: error })
  }
  const fields = error as unknown as Record<string, unknown>
  const alike = Object.assign(new Error(error.message, { cause: error }), {
    code: error.code,
    constraint: fields['constraint_name'],
    table: fields['table_name'],
    column: fields['column_name'],
    position: fields['position'],
  })
  return mapPostgresError(alike, 'transaction', 'client')
}
