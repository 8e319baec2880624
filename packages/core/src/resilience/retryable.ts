import { ExprsnError } from '../errors/exprsn-error.ts'

const programmingErrors = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'URIError'])
/** The statuses below 500 that invite another try (RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4). */
const retryableClientErrors = new Set([408, 425, 429])

/**
 * Whether trying again may help: the default of {@link retry}. Our own errors say so themselves; an HTTP status does by its
 * class; what the program itself did wrong, and what was aborted, does not get better. Everything else may.
 */
export function isRetryable(error: unknown): boolean {
  if (ExprsnError.is(error)) return error.retryable
  if (!(error instanceof Error)) return true
  if (error.name === 'AbortError') return false
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown }
  const code = status ?? statusCode
  if (typeof code === 'number' && code >= 400 && code < 500) return retryableClientErrors.has(code)
  // `fetch` reports a lost network as a TypeError with the system's error as its cause.
  if (programmingErrors.has(error.name)) return error.cause instanceof Error && 'code' in error.cause
  return true
}
