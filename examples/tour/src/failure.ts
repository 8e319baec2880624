import { ExprsnError } from '@exprsn/core'

/** An error as the one line a person needs: what happened and what to do. */
export function failureLine(error: unknown): string {
  if (ExprsnError.is(error)) return [error.message, error.help].filter(Boolean).join(' ')
  return error instanceof Error ? error.message : String(error)
}
