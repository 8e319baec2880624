/**
 * Positions and distances on the earth.
 *
 * @packageDocumentation
 */
export { coordinateErrors } from './errors.ts'
export { checkPosition, type Position } from './position.ts'
export { earthRadius, metresBetween } from './sphere.ts'
