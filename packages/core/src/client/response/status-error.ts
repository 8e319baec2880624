import { ExprsnError } from '../../errors/exprsn-error.ts'
import { parseRetryAfter } from '../../resilience/retry-after.ts'
import { clientErrors } from '../errors.ts'
import type { Hop } from '../request/next-hop.ts'
import { isSecretHeader } from '../request/request-headers.ts'
import { safeUrl } from '../request/safe-url.ts'
import { decodeText } from './body-text.ts'
import type { BufferedResponse } from './client-response.ts'
import { headerOf } from './response-headers.ts'

/** Characters of the body that an error quotes. */
const excerptLength = 1_000

/** Statuses that invite another try: RFC 9110 §15, RFC 6585 §4, RFC 8470 §5.2. */
const retryableStatuses = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * The error of a response whose status tells of none of success: with the status, what `Retry-After` asks for, the problem
 * that the body describes (RFC 9457) and an excerpt of it. Secrets that the request carried are masked, should the service
 * echo them.
 *
 * @param now Milliseconds since 1970.
 */
export function statusError(hop: Hop, response: BufferedResponse, now: number): ExprsnError<'CORE_CLIENT_STATUS'> {
  const { status, rawHeaders } = response
  const contentType = headerOf(rawHeaders, 'content-type')
  const text = mask(decodeText(response.bytes().subarray(0, 64 * 1024), contentType), hop)
  const retryAfterMs = parseRetryAfter(headerOf(rawHeaders, 'retry-after') ?? '', now)
  const error = clientErrors.CORE_CLIENT_STATUS({
    method: hop.method,
    url: safeUrl(hop.url),
    status,
    contentType,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    problem: /^application\/problem\+json\b/i.test(contentType ?? '') ? problemOf(text) : undefined,
    excerpt: text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text,
  })
  return withRetryable(error, retryableStatuses.has(status))
}

/** The same error with another say about trying again. */
export function withRetryable<Code extends string>(error: ExprsnError<Code>, retryable: boolean): ExprsnError<Code> {
  if (error.retryable === retryable) return error
  const { code, message, help, status, details, cause } = error
  return new ExprsnError({ code, message, help, status, details, cause, retryable })
}

/** The members that RFC 9457 §3.1 defines, as far as they are of its types. */
function problemOf(text: string): Readonly<Record<string, unknown>> | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof body !== 'object' || body === null) return undefined
  const { type, title, status, detail, instance } = body as Readonly<Record<string, unknown>>
  const members = Object.entries({ type, title, detail, instance }).filter(([, value]) => typeof value === 'string')
  const short = members.map(([name, value]) => [name, (value as string).slice(0, excerptLength)])
  return { ...Object.fromEntries(short), ...(typeof status === 'number' ? { status } : {}) }
}

function mask(text: string, { headers, url }: Hop): string {
  const fields = Object.entries(headers).filter(([name]) => isSecretHeader(name))
  const credentials = fields.flatMap(([, value]) => [value, ...value.split(/[\s,;=]+/)])
  const queryValues = [...url.searchParams.values()].flatMap((value) => [value, encodeURIComponent(value)])
  const secrets = [...credentials, ...queryValues].filter((value) => value.length >= 6)
  // The longest first: a short one may be a part of it.
  return secrets.toSorted((a, b) => b.length - a.length).reduce((rest, one) => rest.replaceAll(one, '…'), text)
}
