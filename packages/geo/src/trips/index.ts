/**
 * Trips and stops in the fixes of moving objects, and how long objects stay in fences.
 *
 * @packageDocumentation
 */
export { createStayStatistics, type FenceStays, type StayStatistics } from './stay-statistics.ts'
export { createTrips, type Trips } from './create-trips.ts'
export { tripErrors } from './errors.ts'
export type { TripsOptions } from './options.ts'
export type { Stop, Trip, TripEvent } from './trip-event.ts'
