import { reversedPolynomial } from './crc32c.ts'

/** CRC-32C one bit at a time, straight from its definition: slow, and the oracle of {@link crc32c}'s tests. */
export function crc32cBitwise(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reversedPolynomial : crc >>> 1
  }
  return ~crc >>> 0
}
