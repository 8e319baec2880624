import { clientErrors } from '../errors.ts'
import type { PreparedBody } from './request-body.ts'
import { withoutSecrets } from './request-headers.ts'
import { parseUrl } from './request-url.ts'

/** One request on the way along redirects. */
export interface Hop {
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: PreparedBody | undefined
}

const redirects = new Set([301, 302, 303, 307, 308])

/** Whether a response sends its reader elsewhere (RFC 9110 §15.4). */
export function isRedirect(status: number, location: string | undefined): location is string {
  return redirects.has(status) && location !== undefined
}

/**
 * The request that a redirect asks for. Methods change as in the Fetch standard (§4.4): 303 makes a GET of everything but
 * HEAD, 301 and 302 of POST. To another origin no field goes along whose name tells of a secret.
 *
 * @throws `CORE_CLIENT_REDIRECT_REFUSED` for another scheme, for https: to http:, and for credentials in the URL;
 * `CORE_CLIENT_NOT_REPEATABLE` when a stream would have to be sent again.
 */
export function nextHop(hop: Hop, status: number, location: string): Hop {
  const url = redirectTarget(hop.url, location)
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  const body = becomesGet ? undefined : hop.body
  if (body?.repeatable === false)
    throw clientErrors.CORE_CLIENT_NOT_REPEATABLE({ method: hop.method, reason: 'a redirect asks for its body again' })
  const kept = becomesGet ? withoutContent(hop.headers) : hop.headers
  const headers = url.origin === hop.url.origin ? kept : withoutSecrets(kept)
  return { url, method: becomesGet && hop.method !== 'GET' ? 'GET' : hop.method, headers, body }
}

function redirectTarget(from: URL, location: string): URL {
  const refuse = (reason: string) => clientErrors.CORE_CLIENT_REDIRECT_REFUSED({ origin: from.origin, reason })
  if (!URL.canParse(location, from.href)) throw refuse('its location is not a URL')
  const url = new URL(location, from.href)
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refuse('it leads from https: to http:')
  try {
    parseUrl(url.href)
  } catch {
    throw refuse('its location is no http: or https: URL, or has a user name in it')
  }
  url.hash = ''
  return url
}

function withoutContent(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')))
}
