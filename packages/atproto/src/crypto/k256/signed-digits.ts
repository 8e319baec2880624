/** Bits that {@link writeSignedDigits} takes: two more than a half of a scalar has, and room for the last window. */
export const digitBits = 136

const words = new Uint32Array(digitBits / 32 + 2)

/**
 * The digits of a number of up to 130 bits, each 0 or odd and below 2^(width − 1), with at most one in `width` bits (width-w
 * non-adjacent form): the digit of bit n goes to `target[offset + 4n]`, which must be 0 before.
 */
export function writeSignedDigits(number: bigint, width: number, target: Int8Array, offset: number): void {
  const sign = number < 0n ? -1 : 1
  let rest = number < 0n ? -number : number
  for (let index = 0; index < words.length; index++) {
    words[index] = Number(rest & 0xffffffffn)
    rest >>= 32n
  }
  let carry = 0
  for (let bit = 0; bit < digitBits;) {
    if (bitsAt(bit, 1) === carry) {
      bit++
      continue
    }
    const digit = bitsAt(bit, width) + carry
    carry = digit >> (width - 1)
    target[offset + 4 * bit] = sign * (digit - (carry << width))
    bit += width
  }
}

function bitsAt(bit: number, count: number): number {
  const [index, shift] = [bit >> 5, bit & 31]
  const low = words[index]! >>> shift
  const high = shift + count > 32 ? words[index + 1]! << (32 - shift) : 0
  return (low | high) & ((1 << count) - 1)
}
