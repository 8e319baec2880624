/**
 * Keeps items of the host and records of an account equal, in both directions, each change once.
 *
 * @packageDocumentation
 */
export { createTwoWay } from './create-two-way.ts'
export { twoWayErrors } from './errors.ts'
export { mergeFields } from './merge-fields.ts'
export { twoWayMigrations } from './migrations.ts'
export type { TwoWay, TwoWayConflict, TwoWayDecision, TwoWayItem } from './two-way.ts'
export type { LocalCall, LocalItems, TwoWayMapping, TwoWayOptions } from './two-way-options.ts'
