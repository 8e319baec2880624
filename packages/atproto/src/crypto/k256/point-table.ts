import { timesLambda } from './endomorphism.ts'
import { inverse, modulo, prime } from './field.ts'

/** A point of K-256 that is not the one at infinity. */
export interface Point {
  readonly x: bigint
  readonly y: bigint
}

/** Limbs of an element, 26 bits each, in 8 bytes each. */
const limbs = 10
const limbMask = (1n << 26n) - 1n
const elementWords = 2 * limbs

/**
 * The odd multiples 1, 3, 5, … of a point, then those of λ times the point, as the kernel reads them.
 */
export function pointTable(point: Point, count: number): Uint32Array {
  const table = new Uint32Array(count * 4 * elementWords)
  const twice = addPoints(point, point)
  let multiple = point
  for (let index = 0; index < count; index++) {
    if (index > 0) multiple = addPoints(multiple, twice)
    writeElement(multiple.x, table, index * 2 * elementWords)
    writeElement(multiple.y, table, (index * 2 + 1) * elementWords)
    writeElement(timesLambda(multiple.x), table, (count + index) * 2 * elementWords)
    writeElement(multiple.y, table, ((count + index) * 2 + 1) * elementWords)
  }
  return table
}

/** Writes a number below 2²⁵⁶ as the kernel reads it. The upper halves of the limbs stay as they are: zero. */
export function writeElement(value: bigint, target: Uint32Array, offset: number): void {
  let rest = value
  for (let limb = 0; limb < limbs; limb++) {
    target[offset + 2 * limb] = Number(rest & limbMask)
    rest >>= 26n
  }
}

/** The sum of two points that are not each other's negatives: no odd multiples that are needed here are. */
function addPoints(left: Point, right: Point): Point {
  const slope =
    left.x === right.x
      ? 3n * left.x * left.x * inverse(2n * left.y, prime)
      : (right.y - left.y) * inverse(right.x - left.x, prime)
  const short = slope % prime
  const x = modulo(short * short - left.x - right.x, prime)
  return { x, y: modulo(short * (left.x - x) - left.y, prime) }
}
