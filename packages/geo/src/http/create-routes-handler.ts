import type { FetchHandler } from '@exprsn/core/http'
import { routesRouter, type RoutesRouterOptions } from './routes-router.ts'

/**
 * Serves a router over HTTP: `POST /route`, `/matrix`, `/isochrone` and `/match`, bodies as the port's requests. The description
 * stands in `openapi.json` of the package.
 *
 * @example
 * ```ts no-run
 * import { createServer } from 'node:http'
 * import { toNodeHandler } from '@exprsn/core/http'
 * import { createRoutesHandler } from '@exprsn/geo/http'
 * import { openRouter } from '@exprsn/geo/routing'
 *
 * const handler = createRoutesHandler({ router: await openRouter('car.graph'), auth: false })
 * createServer(toNodeHandler(handler)).listen(8080)
 * ```
 */
export function createRoutesHandler(options: RoutesRouterOptions): FetchHandler {
  return routesRouter(options).fetch
}
