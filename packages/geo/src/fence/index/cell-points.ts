import { gridBits, referenceX, referenceY } from './grid.ts'

/** Within a leaf a point is two numbers of so many bits: of its cell's side that is a 16,384th. */
const pointBits = 14
const pointMask = 2 ** pointBits - 1

/** Where the reference point of every cell lies, in these steps. */
export const stepsToReferenceX = Math.floor(referenceX * 2 ** pointBits)
export const stepsToReferenceY = Math.floor(referenceY * 2 ** pointBits)

/** Steps per unit of the grid in a cell of `2 ** bits` units a side. */
export const stepsPerUnit: Float64Array = Float64Array.from(
  { length: gridBits + 1 },
  (_, bits) => 2 ** (pointBits - bits),
)

/** Steps across and up in one number. */
export function packPoint(x: number, y: number): number {
  return (toStep(x) << pointBits) | toStep(y)
}

export function acrossOf(point: number): number {
  return point >> pointBits
}

export function upOf(point: number): number {
  return point & pointMask
}

/** Rounded down, as the place that is looked for is: the middle between two steps stands for all of it. */
function toStep(steps: number): number {
  return Math.min(pointMask, Math.max(0, Math.floor(steps)))
}

/**
 * Cross products of differences of such points are wrong by less: a place and a corner by half a step each, a reference
 * point by one where its degrees are rounded the most, and differences of two are at most 2^14 steps each way.
 */
const unsureProduct = 100_000

/** Negative where rounding to steps may have changed the sign of a product: more and less of it differ in theirs. */
export function doubtOf(product: number): number {
  return (product + unsureProduct) ^ (product - unsureProduct)
}
