import { milliseconds, type Duration } from '../duration/duration.ts'
import { httpErrors } from './errors.ts'
import type { ResponseHeaders } from './node/node-response.ts'
import { headerOf } from './request-parts.ts'

/** Which other origins may read answers. */
export interface CorsOptions {
  /** Origins such as `https://app.example`, compared exactly; `*` is every origin, and goes without credentials only. */
  readonly origins: readonly string[] | '*'
  /** Whether browsers may send cookies along. @default false */
  readonly credentials?: boolean | undefined
  /** Request headers that may be sent. @default ['content-type', 'authorization', 'x-api-key', 'x-exprsn-csrf'] */
  readonly headers?: readonly string[] | undefined
  /** Answer headers that scripts may read. @default ['x-request-id', 'retry-after'] */
  readonly expose?: readonly string[] | undefined
  /** How long a browser may remember the answer to a preflight. @default '10m' */
  readonly maxAge?: Duration | undefined
}

/** What CORS adds to answers. */
export interface Cors {
  /** For an answer to an actual request. */
  headersFor(request: Request): ResponseHeaders
  /** For an answer to a preflight; undefined when the request is none. */
  preflight(request: Request, methods: readonly string[]): ResponseHeaders | undefined
}

const usualHeaders = ['content-type', 'authorization', 'x-api-key', 'x-exprsn-csrf']

/** @throws `CORE_HTTP_OPTION_INVALID` for `*` with credentials, and for what is no origin. */
export function createCors(options: CorsOptions): Cors {
  const { origins, credentials = false, headers = usualHeaders, expose = ['x-request-id', 'retry-after'] } = options
  if (origins === '*' && credentials) throw invalid('cors.origins', '"*" together with credentials')
  for (const origin of origins === '*' ? [] : origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) throw invalid('cors.origins', origin)
  const allowed = new Set(origins)
  const maxAge = String(Math.floor(milliseconds(options.maxAge ?? '10m') / 1_000))

  function base(request: Request): ResponseHeaders {
    const origin = headerOf(request, 'origin')
    if (origins === '*') return { 'access-control-allow-origin': '*' }
    // Also without a match: a cache must not give one origin's answer to another.
    if (origin === undefined || !allowed.has(origin)) return { vary: 'origin' }
    const shared = { 'access-control-allow-origin': origin, vary: 'origin' }
    return credentials ? { ...shared, 'access-control-allow-credentials': 'true' } : shared
  }

  return {
    headersFor(request) {
      const found = base(request)
      if ('access-control-allow-origin' in found) found['access-control-expose-headers'] = expose.join(', ')
      return found
    },
    preflight(request, methods) {
      if (request.method !== 'OPTIONS' || headerOf(request, 'access-control-request-method') === undefined)
        return undefined
      const found = base(request)
      if (!('access-control-allow-origin' in found)) return found
      return {
        ...found,
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': headers.join(', '),
        'access-control-max-age': maxAge,
      }
    },
  }
}

function invalid(option: string, value: string) {
  return httpErrors.CORE_HTTP_OPTION_INVALID({ option, value })
}
