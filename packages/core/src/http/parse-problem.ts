import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { parseRetryAfter } from '../resilience/retry-after.ts'
import { httpErrors } from './errors.ts'
import { readLimited } from './read-limited.ts'

/** Most bytes of an answer that are looked at. */
const longestProblem = 65_536
const codeShape = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/
const retryableStatus = new Set([408, 425, 429, 502, 503, 504])

/** Options of {@link parseProblem}. */
export interface ParseProblemOptions {
  /** Read for a Retry-After that is a date. @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * The error behind an answer: the way back from problem details (RFC 9457) to the error that the other side threw. An
 * answer without them gives `CORE_HTTP_REMOTE`. The body is read, up to 64 KiB.
 *
 * @returns undefined for a status below 400.
 * @example
 * ```ts
 * import { parseProblem } from '@exprsn/core/http'
 *
 * const body = { type: 'urn:exprsn:error:APP_QUEUE_FULL', status: 429, code: 'APP_QUEUE_FULL', detail: 'Full.' }
 * const headers = { 'content-type': 'application/problem+json', 'retry-after': '2' }
 * const error = await parseProblem(new Response(JSON.stringify(body), { status: 429, headers }))
 * console.log(error?.code, error?.retryable, error?.details.retryAfterMs) // APP_QUEUE_FULL true 2000
 * ```
 */
export async function parseProblem(
  response: Response,
  { clock = systemClock }: ParseProblemOptions = {},
): Promise<ExprsnError | undefined> {
  if (response.status < 400) return undefined
  const problem = await readProblem(response)
  const { status } = response
  const details = {
    status,
    type: textOf(problem['type']),
    requestId: textOf(problem['requestId']) ?? response.headers.get('x-request-id') ?? undefined,
    errors: Array.isArray(problem['errors']) ? problem['errors'] : undefined,
    retryAfterMs: retryAfter(response, clock),
  }
  const reason = textOf(problem['detail']) ?? textOf(problem['title']) ?? 'it gave no reason'
  const code = textOf(problem['code']) ?? ''
  if (!codeShape.test(code)) return httpErrors.CORE_HTTP_REMOTE({ ...details, reason })
  const told = problem['retryable']
  const retryable = typeof told === 'boolean' ? told : retryableStatus.has(status)
  return new ExprsnError({ code, message: reason, status, retryable, details })
}

async function readProblem(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const type = response.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type) || response.body === null) {
    await response.body?.cancel()
    return {}
  }
  try {
    const bytes = await readLimited(response.body, longestProblem)
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function retryAfter(response: Response, clock: Clock): number | undefined {
  const header = response.headers.get('retry-after')
  return header === null ? undefined : parseRetryAfter(header, clock.now())
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
