import { ExprsnError, type ErrorDetails } from './exprsn-error.ts'
import { redact } from './redact.ts'

/** One row of a package's error registry: data, so that documentation and types are made from it. */
export interface ErrorDefinition {
  /** One sentence; `{name}` is replaced by the detail of that name. */
  readonly message: string
  /** What the reader can do next: one or two sentences. */
  readonly help: string
  /** Whether the same call may succeed later without any change. @default false */
  readonly retryable?: boolean
  /** HTTP status that fits when the error reaches a client. @default 500 */
  readonly status?: number
}

/** The names in braces in a message template. */
type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never

type DetailsOf<Definition extends ErrorDefinition> = {
  readonly [Name in Placeholders<Definition['message']>]: unknown
} & ErrorDetails

/** Makes one kind of error. Details named in the message are required; others may be added. */
export type ErrorMaker<Code extends string, Definition extends ErrorDefinition> = [
  Placeholders<Definition['message']>,
] extends [never]
  ? (details?: ErrorDetails, options?: { readonly cause?: unknown }) => ExprsnError<Code>
  : (details: DetailsOf<Definition>, options?: { readonly cause?: unknown }) => ExprsnError<Code>

/** A package's errors: one maker per code, and the definitions they were made from. */
export type ErrorRegistry<Definitions extends Readonly<Record<string, ErrorDefinition>>> = {
  readonly [Code in keyof Definitions & string]: ErrorMaker<Code, Definitions[Code]>
} & { readonly definitions: Definitions }

/**
 * Turns a table of error definitions into functions that make the errors.
 *
 * @example
 * ```ts
 * import { defineErrors } from '@exprsn/core'
 *
 * const errors = defineErrors({
 *   APP_ORDER_MISSING: { message: 'There is no order {id}.', help: 'Check the number.', status: 404 },
 * })
 * const error = errors.APP_ORDER_MISSING({ id: 'A-1001' })
 * console.log(error.message) // There is no order A-1001.
 * ```
 */
export function defineErrors<const Definitions extends Readonly<Record<string, ErrorDefinition>>>(
  definitions: Definitions,
): ErrorRegistry<Definitions> {
  const makers = Object.entries(definitions).map(([code, definition]) => [code, errorMaker(code, definition)])
  return Object.freeze({ ...Object.fromEntries(makers), definitions }) as ErrorRegistry<Definitions>
}

function errorMaker(code: string, definition: ErrorDefinition) {
  return function makeError(details: ErrorDetails = {}, options: { readonly cause?: unknown } = {}): ExprsnError {
    const message = definition.message.replace(/\{(\w+)\}/g, (_, name: string) => display(details[name]))
    const error = withoutStack(() => new ExprsnError({ ...definition, code, message, details, cause: options.cause }))
    Error.captureStackTrace(error, makeError)
    return error
  }
}

/** Taking the stack is most of what an error costs: it is taken once, from the caller on. */
function withoutStack(make: () => ExprsnError): ExprsnError {
  const limit = Error.stackTraceLimit
  try {
    Error.stackTraceLimit = 0
  } catch {
    // Frozen, as under `--frozen-intrinsics`.
    return make()
  }
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}

const longestValueInMessage = 200

function display(value: unknown): string {
  const text = Array.isArray(value) ? value.map(displayOne).join(', ') : displayOne(value)
  return text.length > longestValueInMessage ? `${text.slice(0, longestValueInMessage)}…` : text
}

/** Messages are printed in many places that mask nothing, so values are masked before they become part of one. */
function displayOne(value: unknown): string {
  const safe = redact(value)
  return typeof safe === 'object' && safe !== null ? JSON.stringify(safe) : String(safe)
}
