import { ExprsnError } from '../errors/exprsn-error.ts'
import { redact } from '../errors/redact.ts'
import { platformResponse, type PlainAnswer, type ResponseHeaders } from './node/node-response.ts'
import { statusText } from './status-text.ts'

/** One invalid value of a request. */
export interface InputIssue {
  readonly in: 'path' | 'query' | 'body'
  /** JSON pointer (RFC 6901) into that part, as a URI fragment: `#/items/0/price`. */
  readonly pointer: string
  readonly detail: string
}

/** Problem details (RFC 9457) as the family writes them. */
export interface Problem {
  /** A URI that names the kind of problem. */
  readonly type: string
  /** The reason phrase of the status. */
  readonly title: string
  readonly status: number
  /** What happened and what to do; absent where that is nobody's business outside. */
  readonly detail?: string | undefined
  /** Stable code of the error; absent for errors that are not of the family. */
  readonly code?: string | undefined
  readonly retryable?: boolean | undefined
  /** The id under which the log tells more. */
  readonly requestId?: string | undefined
  readonly errors?: readonly InputIssue[] | undefined
}

/** Options of {@link problemOf} and {@link problemResponse}. */
export interface ProblemOptions {
  /** Put into the body and the header `x-request-id`. */
  readonly requestId?: string | undefined
  /** Makes the `type` of a code, such as the address of its documentation. @default `urn:exprsn:error:<code>` */
  readonly typeOf?: ((code: string) => string) | undefined
}

/**
 * An error as problem details. Errors of the family with a status below 500 are told with message and help; those
 * above with their code alone, and any other error as nothing but a 500: messages of faults name hosts, tables and files.
 *
 * @example
 * ```ts
 * import { ExprsnError } from '@exprsn/core'
 * import { problemOf } from '@exprsn/core/http'
 *
 * const problem = problemOf(new ExprsnError({ code: 'APP_QUEUE_FULL', message: 'The queue is full.', status: 429 }))
 * console.log(problem.status, problem.type) // 429 urn:exprsn:error:APP_QUEUE_FULL
 * ```
 */
export function problemOf(error: unknown, options: ProblemOptions = {}): Problem {
  const { requestId, typeOf = (code) => `urn:exprsn:error:${code}` } = options
  if (!ExprsnError.is(error)) return { type: 'about:blank', title: statusText(500), status: 500, requestId }
  const { code, message, help, retryable, details } = error
  const status = error.status >= 400 && error.status <= 599 ? error.status : 500
  const detail = status < 500 ? String(redact(help === undefined ? message : `${message} ${help}`)) : undefined
  const errors = Array.isArray(details['errors']) ? (details['errors'] as InputIssue[]) : undefined
  return { type: typeOf(code), title: statusText(status), status, detail, code, retryable, requestId, errors }
}

/**
 * The response that carries a problem: for handlers without a router.
 *
 * @example
 * ```ts
 * import { httpErrors, problemResponse } from '@exprsn/core/http'
 *
 * console.log(problemResponse(httpErrors.CORE_HTTP_NOT_FOUND({ path: '/x' })).status) // 404
 * ```
 */
export function problemResponse(error: unknown, options: ProblemOptions = {}): Response {
  return platformResponse(problemAnswer(error, options))
}

/** The answer that carries a problem, with Retry-After and Allow where the error's details say what they are. */
export function problemAnswer(error: unknown, options: ProblemOptions = {}): PlainAnswer {
  const problem = problemOf(error, options)
  const content = JSON.stringify(problem)
  const headers: ResponseHeaders = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(content)),
    'cache-control': 'no-store',
  }
  if (options.requestId !== undefined) headers['x-request-id'] = options.requestId
  const details = ExprsnError.is(error) ? error.details : {}
  const { retryAfterMs, allow, challenge } = details
  if (typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs))
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1_000)))
  if (Array.isArray(allow)) headers['allow'] = allow.join(', ')
  if (typeof challenge === 'string') headers['www-authenticate'] = challenge
  return { status: problem.status, headers, content }
}
