import type { FetchHandler } from './node/to-node-handler.ts'

/** The methods that a route file may export. */
export type RouteMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

const methods: readonly RouteMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * A handler in the shape of a route file, one function a method: for the App Router of Next.js (a file such as
 * `app/api/[[...path]]/route.ts`) and for frameworks that do it alike. What the framework passes beside the request is
 * left aside: the router finds the parameters in the path itself.
 *
 * @example
 * ```ts
 * import { createRouter, toRouteHandlers } from '@exprsn/core/http'
 *
 * const router = createRouter({ prefix: '/api' })
 * router.route({ method: 'GET', path: '/hello', handler: () => ({ hello: 'world' }) })
 * export const { GET, POST, PUT, PATCH, DELETE } = toRouteHandlers(router.fetch)
 * console.log((await GET(new Request('http://localhost/api/hello'))).status) // 200
 * ```
 */
export function toRouteHandlers(
  handler: FetchHandler,
): Readonly<Record<RouteMethod, (request: Request) => Promise<Response>>> {
  const handle = async (request: Request): Promise<Response> => handler(request)
  return Object.fromEntries(methods.map((method) => [method, handle])) as Record<RouteMethod, typeof handle>
}
