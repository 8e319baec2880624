import type { FetchHandler } from '@exprsn/core/http'
import { fencesRouter, type FencesRouterOptions } from './fences-router.ts'

/**
 * Serves geofences over HTTP: `GET /fences`, `PUT` and `DELETE /fences/:id`, `GET /locate`, `POST /fixes`, and a picture. The
 * description stands in `openapi.json` of the package.
 *
 * @example
 * ```ts
 * import { createFences } from '@exprsn/geo/fence'
 * import { createFencesHandler } from '@exprsn/geo/http'
 *
 * const handler = createFencesHandler({ fences: createFences(), auth: false })
 * const response = await handler(new Request('http://localhost/locate?longitude=9.5&latitude=47.1'))
 * console.log(await response.json()) // { fences: [] }
 * ```
 */
export function createFencesHandler(options: FencesRouterOptions): FetchHandler {
  return fencesRouter(options).fetch
}
