/**
 * Geofences, routes and plans over HTTP.
 *
 * @packageDocumentation
 */
export { createFencesHandler } from './create-fences-handler.ts'
export { createPlansHandler } from './create-plans-handler.ts'
export { createRoutesHandler } from './create-routes-handler.ts'
export { servingErrors } from './errors.ts'
export { fencesRouter, type FenceChange, type FencesRouterOptions } from './fences-router.ts'
export { plansRouter, type PlansRouterOptions } from './plans-router.ts'
export { routesRouter, type RoutesRouterOptions } from './routes-router.ts'
