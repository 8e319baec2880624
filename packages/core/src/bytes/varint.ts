import { bytesErrors } from './errors.ts'

/** Where {@link readVarint} takes bytes from: a `ByteReader`, or anything that yields one byte at a time. */
interface ByteSource {
  readonly offset: number
  uint8(): number
}

/** 9 groups of 7 bits and one of 1 bit make 64. */
const longestVarint = 10
const low7 = 0x7fn

/**
 * Reads an unsigned LEB128 integer of up to 64 bits, 7 bits a byte, lowest first (DWARF 5 §7.6, protobuf "varint").
 * Padded encodings are accepted. Returns a number where it is exact, else a bigint.
 */
export function readVarint(source: ByteSource): number | bigint {
  const start = source.offset
  let low = 0
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = source.uint8()
    low += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return low
  }
  let value = BigInt(low)
  for (let group = 7; group < longestVarint; group++) {
    const byte = source.uint8()
    if (group === longestVarint - 1 && byte > 1) break
    value |= BigInt(byte & 0x7f) << BigInt(group * 7)
    if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
  }
  throw bytesErrors.CORE_BYTES_VARINT_INVALID({ offset: start, bits: 64 })
}

/**
 * Bytes of an integer from 0 to 2⁶⁴ − 1 as unsigned LEB128, as short as possible.
 *
 * @throws `CORE_BYTES_VALUE_INVALID` for a negative, fractional, unsafe or larger number.
 * @example
 * ```ts
 * import { encodeVarint } from '@exprsn/core/bytes'
 *
 * console.log([...encodeVarint(300)]) // [ 172, 2 ]
 * ```
 */
export function encodeVarint(value: number | bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(varintBytes(value))
}

/** The bytes of {@link encodeVarint} in a plain array. */
export function varintBytes(value: number | bigint): number[] {
  if (!isUnsigned64(value)) throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value, type: 'varint' })
  const bytes: number[] = []
  let big = typeof value === 'bigint' && value > Number.MAX_SAFE_INTEGER ? value : 0n
  while (big > Number.MAX_SAFE_INTEGER) {
    bytes.push(Number(big & low7) | 0x80)
    big >>= 7n
  }
  let rest = big > 0n ? Number(big) : Number(value)
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

function isUnsigned64(value: number | bigint): boolean {
  return typeof value === 'bigint'
    ? value >= 0n && value < 1n << 64n
    : typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** Folds a signed 64-bit integer so that small negative ones stay short as varints: 0, −1, 1, −2 become 0, 1, 2, 3. */
export function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
}

/** The reverse of {@link zigzag}. */
export function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n)
}
