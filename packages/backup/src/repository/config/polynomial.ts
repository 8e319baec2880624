import type { Random } from '@exprsn/core'

/** Degree of the polynomials that restic's chunker takes. */
const degree = 53

/**
 * A random irreducible polynomial over GF(2) of degree 53, as bits: what makes the cuts of restic's Rabin chunker differ
 * from repository to repository. One in 53 candidates is irreducible.
 */
export function randomPolynomial(random: Random): bigint {
  for (;;) {
    const bits = BigInt(`0x${Buffer.from(random.bytes(8)).toString('hex')}`) & ((1n << BigInt(degree)) - 1n)
    const candidate = bits | (1n << BigInt(degree)) | 1n
    if (isIrreducible(candidate)) return candidate
  }
}

/** Ben-Or's test: no factor of degree i up to half the degree, that is gcd(x^(2^i) − x, f) = 1. */
export function isIrreducible(polynomial: bigint): boolean {
  const size = degreeOf(polynomial)
  let power = 2n
  for (let step = 1; step <= size / 2; step++) {
    power = remainder(square(power), polynomial)
    if (degreeOf(greatestCommonDivisor(polynomial, power ^ 2n)) !== 0) return false
  }
  return size > 0
}

function degreeOf(polynomial: bigint): number {
  return polynomial === 0n ? -1 : polynomial.toString(2).length - 1
}

/** Squaring over GF(2) spreads the bits: a zero between each two. */
function square(polynomial: bigint): bigint {
  return BigInt(`0b${polynomial.toString(2).split('').join('0')}`)
}

function remainder(dividend: bigint, divisor: bigint): bigint {
  const size = degreeOf(divisor)
  let rest = dividend
  for (let top = degreeOf(rest); top >= size; top = degreeOf(rest)) rest ^= divisor << BigInt(top - size)
  return rest
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left, right]
  while (smaller !== 0n) [larger, smaller] = [smaller, remainder(larger, smaller)]
  return larger
}
