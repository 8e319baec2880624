import { ExprsnError } from '@exprsn/core'

/** What stands in the table is for people. */
export function errorText(error: unknown): string {
  if (error instanceof ExprsnError) return `${error.code}: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}
