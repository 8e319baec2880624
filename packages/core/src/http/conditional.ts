import { createHash } from 'node:crypto'
import { httpErrors } from './errors.ts'
import { Reply } from './reply.ts'
import { headerOf } from './request-parts.ts'

/** What identifies the present state of a resource. */
export interface ResourceState {
  /** An entity tag with its quotes, such as {@link entityTag} makes. */
  readonly etag?: string | undefined
  readonly lastModified?: Date | undefined
}

/**
 * A strong entity tag of content.
 *
 * @example
 * ```ts
 * import { entityTag } from '@exprsn/core/http'
 *
 * console.log(entityTag('hello')) // "LPJNul-wow4m6DsqxbninhsWHlwfp0Je"
 * ```
 */
export function entityTag(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 32)}"`
}

/**
 * Evaluates the conditions of a request (RFC 9110 §13.2.2) against a resource: an answer with status 304 when the client
 * has it already, undefined when the request is to be carried out.
 *
 * @throws `CORE_HTTP_PRECONDITION` when the resource is not the one that the request is meant for
 * @example
 * ```ts
 * import { checkConditions } from '@exprsn/core/http'
 *
 * const request = new Request('http://localhost/', { headers: { 'if-none-match': '"v1"' } })
 * console.log(checkConditions(request, { etag: '"v1"' })?.status) // 304
 * ```
 */
export function checkConditions(request: Request, { etag, lastModified }: ResourceState): Reply | undefined {
  const ifMatch = headerOf(request, 'if-match')
  const modified = lastModified === undefined ? undefined : Math.floor(lastModified.getTime() / 1_000)
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, etag, true)) throw httpErrors.CORE_HTTP_PRECONDITION()
  } else {
    const since = seconds(headerOf(request, 'if-unmodified-since'))
    if (since !== undefined && modified !== undefined && modified > since) throw httpErrors.CORE_HTTP_PRECONDITION()
  }
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const ifNoneMatch = headerOf(request, 'if-none-match')
  if (ifNoneMatch !== undefined) {
    if (!matches(ifNoneMatch, etag, false)) return undefined
    if (!reads) throw httpErrors.CORE_HTTP_PRECONDITION()
    return unchanged(etag, lastModified)
  }
  const since = reads ? seconds(headerOf(request, 'if-modified-since')) : undefined
  return since !== undefined && modified !== undefined && modified <= since ? unchanged(etag, lastModified) : undefined
}

function matches(header: string, etag: string | undefined, strong: boolean): boolean {
  if (header.trim() === '*') return etag !== undefined
  if (etag === undefined || (strong && etag.startsWith('W/'))) return false
  const tags = header.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some((tag) => (strong ? tag === etag : tag.replace(/^W\//, '') === etag.replace(/^W\//, '')))
}

function seconds(header: string | undefined): number | undefined {
  if (header === undefined || !header.endsWith('GMT')) return undefined
  const time = Date.parse(header)
  return Number.isNaN(time) ? undefined : time / 1_000
}

function unchanged(etag: string | undefined, lastModified: Date | undefined): Reply {
  const headers: Record<string, string> = {}
  if (etag !== undefined) headers['etag'] = etag
  if (lastModified !== undefined) headers['last-modified'] = lastModified.toUTCString()
  return new Reply({ status: 304, headers, content: null })
}
