import { redact } from './redact.ts'

const brand = Symbol.for('@exprsn/error')

/** What an error carries beyond its message: plain data, safe to log after {@link ExprsnError.toJSON}. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/** The parts of an {@link ExprsnError}. Users rarely build one: every package throws from its own registry. */
export interface ExprsnErrorOptions<Code extends string = string> {
  /** Stable identifier from the package's registry, such as `CORE_DATABASE_BUSY`. */
  readonly code: Code
  /** What happened, in one sentence. */
  readonly message: string
  /** What the reader can do next, in one sentence. */
  readonly help?: string | undefined
  /** Whether the same call may succeed later without any change. @default false */
  readonly retryable?: boolean | undefined
  /** HTTP status that fits when the error reaches a client. @default 500 */
  readonly status?: number | undefined
  /** The values behind the message. Secrets in them are masked when the error is serialised. */
  readonly details?: ErrorDetails | undefined
  /** The error that led to this one. */
  readonly cause?: unknown
}

/**
 * The one error class of the family: every fault that a package throws is one of these.
 *
 * Recognise it with {@link ExprsnError.is}, not with `instanceof`: two copies of a package may meet in one process.
 *
 * @example
 * ```ts
 * import { ExprsnError } from '@exprsn/core'
 *
 * const error = new ExprsnError({ code: 'APP_QUEUE_FULL', message: 'The queue is full.', retryable: true })
 * if (ExprsnError.is(error) && error.retryable) console.log('try again later:', error.code)
 * ```
 */
export class ExprsnError<Code extends string = string> extends Error {
  override readonly name = 'ExprsnError'
  readonly code: Code
  readonly help: string | undefined
  readonly retryable: boolean
  readonly status: number
  readonly details: ErrorDetails

  constructor({ code, message, help, retryable, status, details, cause }: ExprsnErrorOptions<Code>) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.help = help
    this.retryable = retryable ?? false
    this.status = status ?? 500
    this.details = details ?? {}
    Object.defineProperty(this, brand, { value: true })
  }

  /** True for every error of the family, also one thrown by another copy or version of the package. */
  static is(value: unknown): value is ExprsnError {
    return typeof value === 'object' && value !== null && brand in value
  }

  /** The error as plain data with secrets masked, causes included. Never throws. */
  toJSON(): Record<string, unknown> {
    return describeExprsnError(this, new Set())
  }
}

function describeExprsnError(error: ExprsnError, seen: Set<unknown>): Record<string, unknown> {
  seen.add(error)
  return {
    name: error.name,
    code: error.code,
    message: redact(error.message),
    help: error.help,
    retryable: error.retryable,
    status: error.status,
    details: redact(error.details),
    cause: describeCause(error.cause, seen),
  }
}

/** A chain of causes may come back to an error that stands in it already. */
function describeCause(cause: unknown, seen: Set<unknown>): unknown {
  if (cause === undefined) return undefined
  if (seen.has(cause)) return '[cycle]'
  try {
    if (ExprsnError.is(cause)) return describeExprsnError(cause, seen)
    return cause instanceof Error ? describeError(cause, seen) : redact(cause)
  } catch {
    return '[unreadable]'
  }
}

function describeError(error: Error, seen: Set<unknown>): Record<string, unknown> {
  seen.add(error)
  const { code } = error as NodeJS.ErrnoException
  const errors = error instanceof AggregateError ? error.errors.map((each) => describeCause(each, seen)) : undefined
  return {
    name: error.name,
    message: redact(error.message),
    code: redact(code),
    errors,
    cause: describeCause(error.cause, seen),
  }
}
