/**
 * Geofences: which fences contain a place, and what moving objects do with them – enter, exit, dwell, cross, approach.
 *
 * @packageDocumentation
 */
export { createFences, type Fences, type FenceStatistics } from './create-fences.ts'
export {
  databaseFences,
  type DatabaseCallOptions,
  type DatabaseFences,
  type DatabaseFencesOptions,
} from './database/database-fences.ts'
export { createFenceTenants, type FenceTenants, type FenceTenantsOptions } from './fence-tenants.ts'
export { fenceErrors } from './errors.ts'
export type { FenceEventType, FenceFeature, FenceGeometry, FenceProperties } from './feature.ts'
export type { ExitReason, FenceEvent, Fix } from './fence-event.ts'
export type { BoundaryRule } from './index/outline-index.ts'
export type { FencesOptions } from './options.ts'
export type { EdgeType } from './shape/read-shape.ts'
export type { FenceSnapshot, MembershipState, ObjectState, WaitingFix } from './track/snapshot.ts'
