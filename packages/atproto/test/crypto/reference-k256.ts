/** K-256 from its equation alone, in numbers of any size: slow, and short enough to be read. */
export const p = 2n ** 256n - 2n ** 32n - 977n
export const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** An affine point; undefined is the one at infinity. */
export type ReferencePoint = { readonly x: bigint; readonly y: bigint } | undefined

export const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus

/** By Fermat: `modulus` is prime. */
export function power(value: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let base = mod(value, modulus), rest = exponent; rest > 0n; rest >>= 1n, base = (base * base) % modulus)
    if (rest & 1n) result = (result * base) % modulus
  return result
}

export const invert = (value: bigint, modulus: bigint): bigint => power(value, modulus - 2n, modulus)

export const generator = pointAt(0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n, 0n)!

/** The point with this x and the parity of y, when there is one: p is 3 modulo 4. */
export function pointAt(x: bigint, parity: bigint): ReferencePoint {
  const square = mod(x ** 3n + 7n, p)
  const root = power(square, (p + 1n) / 4n, p)
  if ((root * root) % p !== square) return undefined
  return { x, y: root % 2n === parity ? root : p - root }
}

export const negate = (point: ReferencePoint): ReferencePoint => point && { x: point.x, y: mod(-point.y, p) }

export function add(left: ReferencePoint, right: ReferencePoint): ReferencePoint {
  if (left === undefined || right === undefined) return left ?? right
  if (left.x === right.x && mod(left.y + right.y, p) === 0n) return undefined
  const slope =
    left.x === right.x
      ? 3n * left.x * left.x * euclid(2n * left.y)
      : (right.y - left.y) * euclid(mod(right.x - left.x, p))
  const x = mod(slope * slope - left.x - right.x, p)
  return { x, y: mod(slope * (left.x - x) - left.y, p) }
}

export function times(scalar: bigint, point: ReferencePoint): ReferencePoint {
  let result: ReferencePoint
  for (let base = point, rest = mod(scalar, n); rest > 0n; rest >>= 1n, base = add(base, base))
    if (rest & 1n) result = add(result, base)
  return result
}

/** The inverse modulo p, as in school: Fermat would take ten times as long. */
function euclid(value: bigint): bigint {
  let [a, b, s, t] = [p, mod(value, p), 0n, 1n]
  while (b !== 0n) [a, b, s, t] = [b, a % b, t, s - (a / b) * t]
  return mod(s, p)
}
