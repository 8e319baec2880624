import { NodeRequest } from './node/node-request.ts'

/** A header by its lower-case name; undefined when it is missing. */
export function headerOf(request: Request, name: string): string | undefined {
  const light = NodeRequest.of(request)
  return light === undefined ? (request.headers.get(name) ?? undefined) : light.header(name)
}

/** Path and query of a request, still encoded; the query without its question mark. */
export function targetOf(request: Request): { readonly path: string; readonly query: string } {
  const target = NodeRequest.of(request)?.target ?? targetOfUrl(request.url)
  const mark = target.indexOf('?')
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * The address of the client behind a request that came through `toNodeHandler`, proxies considered as its option
 * `trustedProxies` says; undefined for any other request.
 *
 * @example
 * ```ts
 * import { clientAddress } from '@exprsn/core/http'
 *
 * console.log(clientAddress(new Request('http://localhost/'))) // undefined
 * ```
 */
export function clientAddress(request: Request): string | undefined {
  return NodeRequest.of(request)?.clientAddress
}

function targetOfUrl(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.indexOf('#', start)
  return end === -1 ? url.slice(start) : url.slice(start, end)
}
