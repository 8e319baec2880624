import { httpErrors } from '../errors.ts'
import type { Incoming } from './incoming.ts'

/** Where a request is addressed to. Joined, the two are the request's URL. */
export interface RequestTarget {
  /** Scheme and authority, without a slash at the end. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
}

/** Options of {@link requestTarget}. */
export interface RequestTargetOptions {
  /** Used instead of the Host header. */
  readonly origin: string | undefined
  /** Whether X-Forwarded-Proto and X-Forwarded-Host come from a proxy of our own. */
  readonly trustForwarded: boolean
}

/** Paths that URL parsing (https://url.spec.whatwg.org) leaves as they are, but for segments of dots. */
const plainPath = /^\/[\w\-~!$&'()*+,;=:@/%.]*(?:\?[\w\-~!$&()*+,;=:@/%.?[\]{}|^`]*)?$/
const dotSegment = /\/(?:\.|%2e)/i
const authority = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/**
 * The URL of a request without the cost of parsing where nothing would change: 0.1 µs in place of 1.5.
 *
 * @throws `CORE_HTTP_REQUEST_INVALID` for a Host header that is missing, repeated or no host, and for an unusable target.
 */
export function requestTarget(incoming: Incoming, options: RequestTargetOptions): RequestTarget {
  const target = incoming.originalUrl ?? incoming.url ?? '/'
  const origin = options.origin ?? originOf(incoming, options.trustForwarded)
  if (plainPath.test(target) && !dotSegment.test(target) && !target.startsWith('//')) return { origin, path: target }
  if (target === '*') return { origin, path: '/*' }
  return parseTarget(target, origin)
}

/** An absolute-form target's own authority is ignored: a server that is not a proxy answers for its Host alone. */
function parseTarget(target: string, origin: string): RequestTarget {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target)
  const path = absolute === null ? target : target.slice(absolute[0].length) || '/'
  const rooted = path.startsWith('?') ? `/${path}` : path
  if (!rooted.startsWith('/')) throw invalid('its target is neither a path nor an http URL')
  // Put behind the origin, so that a path that begins with two slashes is never taken for a host.
  const text = `${origin}${rooted}`
  if (!URL.canParse(text)) throw invalid('its target is no URL')
  const url = new URL(text)
  url.hash = ''
  return { origin, path: url.href.slice(url.origin.length) }
}

function originOf(incoming: Incoming, trustForwarded: boolean): string {
  const { headers } = incoming
  const forwarded = trustForwarded ? lastOf(headers['x-forwarded-host']) : undefined
  const host = forwarded ?? hostOf(incoming)
  const secure = trustForwarded ? lastOf(headers['x-forwarded-proto']) : undefined
  const scheme = secure === undefined ? (incoming.socket?.encrypted === true ? 'https' : 'http') : secure.toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') throw invalid('X-Forwarded-Proto is neither http nor https')
  return known[scheme].get(host) ?? checkOrigin(scheme, host)
}

function hostOf({ headers, rawHeaders }: Incoming): string {
  // Node keeps the first of two: what stands behind a proxy that keeps the last one must see neither.
  let seen = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === 'host' && ++seen > 1) throw invalid('it has two Host headers')
  }
  const host = headers[':authority'] ?? headers['host']
  return typeof host === 'string' && host !== '' ? host : 'localhost'
}

/** Origins by host, for the few that a server answers for: already checked. */
const known = { http: new Map<string, string>(), https: new Map<string, string>() } as const
const mostKnown = 256

function checkOrigin(scheme: 'http' | 'https', host: string): string {
  const text = `${scheme}://${host}`
  if (!authority.test(host) || !URL.canParse(text)) throw invalid('its Host header is no host')
  const { origin } = new URL(text)
  const hosts = known[scheme]
  if (hosts.size >= mostKnown) hosts.clear()
  hosts.set(host, origin)
  return origin
}

function lastOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.at(-1) : header
  return text?.split(',').at(-1)?.trim()
}

function invalid(reason: string) {
  return httpErrors.CORE_HTTP_REQUEST_INVALID({ reason })
}
