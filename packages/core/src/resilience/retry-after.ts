interface HeaderSource {
  readonly headers?: unknown
}

/**
 * How long a failed call was told to wait, in milliseconds: `details.retryAfterMs` of our own errors, or the header
 * `Retry-After` (RFC 9110 §10.2.3, seconds or a date) of an error or of the response it carries.
 *
 * @param now Milliseconds since 1970, for the header's date form.
 */
export function retryAfterOf(error: unknown, now: number): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { details, response } = error as { details?: { retryAfterMs?: unknown }; response?: HeaderSource }
  const own = details?.retryAfterMs
  if (typeof own === 'number' && !Number.isNaN(own)) return Math.max(0, own)
  const text = header(error as HeaderSource) ?? (response ? header(response) : undefined)
  return text === undefined ? undefined : parseRetryAfter(text, now)
}

function header({ headers }: HeaderSource): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { get?: unknown }
  const value: unknown = typeof get === 'function' ? get.call(headers, 'retry-after') : field(headers)
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined
}

/** Names of fields ignore case (RFC 9110 §5.1), and plain objects come in either. */
function field(headers: object): unknown {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
}

/** The three forms of RFC 9110 §5.6.7, the last of which has no zone and means UTC; and ISO 8601 with a zone. */
const datedForms = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
]
const zoneless = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/** The header's value in milliseconds from now; undefined when it is neither a number of seconds nor a date. */
export function parseRetryAfter(text: string, now: number): number | undefined {
  const value = text.trim()
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  // `Date.parse` alone reads a date into nearly anything, such as 2001 into "-1".
  const dated = zoneless.test(value) ? `${value} GMT` : datedForms.some((form) => form.test(value)) ? value : ''
  const at = Date.parse(dated)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
