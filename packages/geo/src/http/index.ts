/**
 * Geofences and routes over HTTP.
 *
 * @packageDocumentation
 */
export { createFencesHandler } from './create-fences-handler.ts'
export { createRoutesHandler } from './create-routes-handler.ts'
export { servingErrors } from './errors.ts'
export { fencesRouter, type FenceChange, type FencesRouterOptions } from './fences-router.ts'
export { routesRouter, type RoutesRouterOptions } from './routes-router.ts'
