import { ExprsnError } from '../errors/exprsn-error.ts'
import { redact } from '../errors/redact.ts'

/** Something thrown, as data that can be cloned. */
export type WireError =
  | {
      readonly type: 'exprsn'
      readonly error: Pick<ExprsnError, 'code' | 'message' | 'help' | 'retryable' | 'status' | 'details'>
      readonly stack: string | undefined
      readonly cause: WireError | undefined
    }
  | {
      readonly type: 'error'
      readonly name: string
      readonly message: string
      readonly stack: string | undefined
      readonly code: unknown
      readonly errors: readonly WireError[] | undefined
      readonly cause: WireError | undefined
    }
  | { readonly type: 'value'; readonly value: unknown }

const deepestCause = 10

/** Makes what was thrown fit for another thread. What cannot be cloned is described instead. */
export function toWire(thrown: unknown, depth = 0): WireError {
  if (!(thrown instanceof Error)) return { type: 'value', value: cloneable(thrown) }
  const cause = thrown.cause === undefined || depth === deepestCause ? undefined : toWire(thrown.cause, depth + 1)
  if (ExprsnError.is(thrown)) {
    const { code, message, help, retryable, status, details, stack } = thrown
    const safe = cloneable(details) as ExprsnError['details']
    return { type: 'exprsn', error: { code, message, help, retryable, status, details: safe }, stack, cause }
  }
  const { name, message, stack, code } = thrown as NodeJS.ErrnoException
  const errors =
    thrown instanceof AggregateError && depth < deepestCause
      ? thrown.errors.map((each) => toWire(each, depth + 1))
      : undefined
  return { type: 'error', name, message, stack, code: cloneable(code), errors, cause }
}

/** What was thrown in another thread: an `ExprsnError` is one again, with its code and details. */
export function fromWire(wire: WireError): unknown {
  if (wire.type === 'value') return wire.value
  const cause = wire.cause === undefined ? undefined : fromWire(wire.cause)
  if (wire.type === 'exprsn') {
    const error = new ExprsnError({ ...wire.error, cause })
    return withStack(error, wire.stack)
  }
  const options = cause === undefined ? undefined : { cause }
  const error = wire.errors
    ? new AggregateError(wire.errors.map(fromWire), wire.message, options)
    : new Error(wire.message, options)
  Object.defineProperty(error, 'name', { value: wire.name, configurable: true, writable: true })
  if (wire.code !== undefined) Object.defineProperty(error, 'code', { value: wire.code, enumerable: true })
  return withStack(error, wire.stack)
}

function withStack(error: Error, stack: string | undefined): Error {
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true })
  return error
}

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return redact(value)
  }
}
