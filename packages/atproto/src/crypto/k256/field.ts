/** The prime of K-256's field: SEC 2, version 2, section 2.4.1. */
export const prime = 2n ** 256n - 2n ** 32n - 977n

/** The order of its group, from the same place. */
export const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The remainder that is not negative. */
export function modulo(value: bigint, modulus: bigint): bigint {
  const remainder = value % modulus
  return remainder < 0n ? remainder + modulus : remainder
}

/** Bits of the leading parts: what is made of them fits a double. */
const leadingBits = 50

/**
 * The inverse of a number that has none in common with the modulus, by Euclid's algorithm as Lehmer made it fast: most quotients
 * are found from the leading bits alone (Knuth, The Art of Computer Programming, 4.5.2, algorithm L).
 */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulus, modulo(value, modulus)]
  // a and b are these multiples of `value`, modulo the modulus.
  let [s, t] = [0n, 1n]
  while (b !== 0n) {
    const [p, q, u, v] = leadingSteps(a, b)
    if (q === 0) {
      const quotient = a / b
      ;[a, b] = [b, a - quotient * b]
      ;[s, t] = [t, s - quotient * t]
    } else {
      const [bigP, bigQ, bigU, bigV] = [BigInt(p), BigInt(q), BigInt(u), BigInt(v)]
      ;[a, b] = [bigP * a + bigQ * b, bigU * a + bigV * b]
      ;[s, t] = [bigP * s + bigQ * t, bigU * s + bigV * t]
    }
  }
  return modulo(s, modulus)
}

/** As many steps as the leading bits decide, as the matrix that does them; its second entry is 0 when there are none. */
function leadingSteps(a: bigint, b: bigint): readonly [number, number, number, number] {
  const shift = BigInt(Math.max(0, Math.floor(Math.log2(Number(a))) - leadingBits))
  let [x, y] = [Number(a >> shift), Number(b >> shift)]
  let [p, q, u, v] = [1, 0, 0, 1]
  while (y + u !== 0 && y + v !== 0) {
    const quotient = Math.floor((x + p) / (y + u))
    if (quotient !== Math.floor((x + q) / (y + v))) break
    ;[p, u] = [u, p - quotient * u]
    ;[q, v] = [v, q - quotient * v]
    ;[x, y] = [y, x - quotient * y]
  }
  return [p, q, u, v]
}
