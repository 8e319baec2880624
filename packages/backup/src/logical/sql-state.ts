import { ExprsnError } from '@exprsn/core'

/** The SQLSTATE of an error that the server sent. */
export function sqlStateOf(error: unknown): string | undefined {
  const state = ExprsnError.is(error) ? error.details['sqlState'] : undefined
  return typeof state === 'string' ? state : undefined
}

/** What the server said, for a message. */
export function reasonOf(error: unknown): string {
  const reason = ExprsnError.is(error) ? error.details['reason'] : undefined
  return typeof reason === 'string' ? reason : error instanceof Error ? error.message : String(error)
}
