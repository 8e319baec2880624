import { ExprsnError } from '@exprsn/core'

/** Whether an account cannot be used until somebody has logged in. */
export function needsLogin(error: unknown): error is ExprsnError {
  return ExprsnError.is(error) && error.status === 401
}
