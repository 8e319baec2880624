import { modulo, order, prime } from './field.ts'

/**
 * λ times a point (x, y) is (βx, y): both are cube roots of one, in the group's order and in the field (Gallant, Lambert and
 * Vanstone, 2001). A test computes that they are.
 */
export const lambda = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n
export const beta = 0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een

/** Two short vectors (a, b) with a + bλ = 0 modulo the order. */
const a1 = 0x3086d221a7d46bcde86c90e49284eb15n
const b1 = -0xe4437ed6010e88286f547fa90abfe4c3n
const a2 = a1 - b1
const b2 = a1

/** Two numbers of half the length, with `first + second × λ` the same as `scalar` modulo the order. */
export function splitScalar(scalar: bigint): readonly [first: bigint, second: bigint] {
  const one = rounded(b2 * scalar)
  const two = rounded(-b1 * scalar)
  return [scalar - one * a1 - two * a2, -one * b1 - two * b2]
}

/** The x of λ times a point. */
export function timesLambda(x: bigint): bigint {
  return modulo(beta * x, prime)
}

function rounded(numerator: bigint): bigint {
  return (numerator + order / 2n) / order
}
