/** Bytes that the hash remembers. */
export const rabinWindow = 64
/** The degree of restic's polynomials. */
const rabinDegree = 53n

/** What a byte adds when it leaves the window, and what the bits beyond the polynomial's degree come to. */
export interface RabinTables {
  readonly out: BigUint64Array
  readonly mod: BigUint64Array
}

/**
 * The tables of a Rabin fingerprint over a window of 64 bytes (M. O. Rabin, "Fingerprinting by random polynomials", 1981)
 * for an irreducible polynomial of degree 53 over GF(2), given as its bits.
 */
export function rabinTables(polynomial: bigint): RabinTables {
  const shifted = Array.from({ length: 256 }, (_, byte) => BigInt(byte))
  return {
    out: BigUint64Array.from(shifted, (byte) => remainder(byte << BigInt(8 * (rabinWindow - 1)), polynomial)),
    // The upper bits stand in the entry too, so that one exclusive or clears them and adds the remainder.
    mod: BigUint64Array.from(shifted, (byte) => remainder(byte << rabinDegree, polynomial) | (byte << rabinDegree)),
  }
}

/** The remainder of a division of polynomials over GF(2). */
export function remainder(value: bigint, polynomial: bigint): bigint {
  const bits = polynomial.toString(2).length
  let rest = value
  for (let length = rest.toString(2).length; length >= bits && rest !== 0n; length = rest.toString(2).length)
    rest ^= polynomial << BigInt(length - bits)
  return rest
}
