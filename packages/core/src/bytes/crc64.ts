/** Jones' polynomial 0xAD93D23594C935A9, bits reversed, as two words. */
const polynomialHigh = 0x95ac_9329
const polynomialLow = 0xac4b_c9b5 | 0

/** Eight tables of 256 entries, each a low and a high word: "slicing-by-8". Filled on first use. */
const low = /* @__PURE__ */ new Int32Array(8 * 256)
const high = /* @__PURE__ */ new Int32Array(8 * 256)

/**
 * The CRC-64 with Jones' polynomial, as Redis ends its RDB files and `DUMP` payloads with it (little-endian there):
 * reflected, starting from 0, without a final inversion. `crc64(b, crc64(a))` is the checksum of `a` and `b` joined.
 *
 * @param seed The checksum so far. 0 starts a new one.
 * @example
 * ```ts
 * import { crc64 } from '@exprsn/core/bytes'
 *
 * console.log(crc64(new TextEncoder().encode('123456789')).toString(16)) // e9c6d914c4b8d9ca
 * ```
 */
export function crc64(bytes: Uint8Array, seed = 0n): bigint {
  if (low[1] === 0) fillTables()
  let lower = Number(BigInt.asIntN(32, seed))
  let upper = Number(BigInt.asIntN(32, seed >> 32n))
  const words = bytes.length - (bytes.length % 8)
  for (let at = 0; at < words; at += 8) {
    const a = lower ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    const b = upper ^ (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24))
    const i0 = 0x700 + (a & 255)
    const i1 = 0x600 + ((a >>> 8) & 255)
    const i2 = 0x500 + ((a >>> 16) & 255)
    const i3 = 0x400 + (a >>> 24)
    const i4 = 0x300 + (b & 255)
    const i5 = 0x200 + ((b >>> 8) & 255)
    const i6 = 0x100 + ((b >>> 16) & 255)
    const i7 = b >>> 24
    lower = low[i0]! ^ low[i1]! ^ low[i2]! ^ low[i3]! ^ low[i4]! ^ low[i5]! ^ low[i6]! ^ low[i7]!
    upper = high[i0]! ^ high[i1]! ^ high[i2]! ^ high[i3]! ^ high[i4]! ^ high[i5]! ^ high[i6]! ^ high[i7]!
  }
  for (let at = words; at < bytes.length; at++) {
    const index = (lower ^ bytes[at]!) & 255
    lower = ((lower >>> 8) | (upper << 24)) ^ low[index]!
    upper = (upper >>> 8) ^ high[index]!
  }
  return (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0)
}

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let lower = byte
    let upper = 0
    for (let bit = 0; bit < 8; bit++) {
      const carries = (lower & 1) === 1
      lower = (lower >>> 1) | (upper << 31)
      upper >>>= 1
      if (!carries) continue
      lower ^= polynomialLow
      upper ^= polynomialHigh
    }
    low[byte] = lower
    high[byte] = upper
  }
  for (let index = 256; index < low.length; index++) {
    const lower = low[index - 256]!
    const upper = high[index - 256]!
    low[index] = ((lower >>> 8) | (upper << 24)) ^ low[lower & 255]!
    high[index] = (upper >>> 8) ^ high[lower & 255]!
  }
}
