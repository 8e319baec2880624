/**
 * Geofences over HTTP.
 *
 * @packageDocumentation
 */
export { createFencesHandler } from './create-fences-handler.ts'
export { servingErrors } from './errors.ts'
export { fencesRouter, type FenceChange, type FencesRouterOptions } from './fences-router.ts'
