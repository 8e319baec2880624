import { ByteReader } from './byte-reader.ts'
import { bytesErrors } from './errors.ts'
import { varintBytes } from './varint.ts'

/** Options of {@link snappyDecompress} and {@link snappyUnframe}. */
export interface SnappyOptions {
  /** The most bytes to unpack to. */
  readonly limit: number
}

/** The encoder looks for matches within fragments of this size, so that offsets fit into two bytes. */
const fragmentSize = 65_536
const hashBits = 14

/**
 * Unpacks a raw Snappy block (google/snappy, format_description.txt): Kafka, Parquet, Loki's and Prometheus' protobuf bodies.
 *
 * @throws `CORE_BYTES_COMPRESSION_INVALID`, `CORE_BYTES_DECOMPRESSION_LIMIT` when it says it is larger than the limit
 * @example
 * ```ts
 * import { snappyCompress, snappyDecompress } from '@exprsn/core/bytes'
 *
 * const packed = snappyCompress(new Uint8Array(10_000))
 * console.log(packed.length < 600, snappyDecompress(packed, { limit: 1_000_000 }).length) // true 10000
 * ```
 */
export function snappyDecompress(bytes: Uint8Array, { limit }: SnappyOptions): Uint8Array<ArrayBuffer> {
  if (!(limit >= 0)) throw bytesErrors.CORE_BYTES_LIMIT_INVALID({ limit })
  const { size, start } = readSize(bytes)
  if (size > limit) throw bytesErrors.CORE_BYTES_DECOMPRESSION_LIMIT({ format: 'Snappy', limit })
  // Three bytes copy 64 at best: no memory is taken for a size that cannot be true.
  if (size > bytes.length * 64) throw invalid(`${bytes.length} bytes cannot hold ${size}`)
  const content = new Uint8Array(size)
  let at = start
  let to = 0
  while (at < bytes.length) {
    const tag = bytes[at++]!
    const kind = tag & 3
    if (kind === 0) {
      let length = (tag >>> 2) + 1
      if (length > 60) {
        const width = length - 60
        if (at + width > bytes.length) throw invalid(`a length ends early at byte ${at}`)
        length = littleEndian(bytes, at, width) + 1
        at += width
      }
      if (at + length > bytes.length) throw invalid(`literals end early at byte ${at}`)
      if (to + length > size) throw invalid(`more than the ${size} bytes that it names`)
      content.set(bytes.subarray(at, at + length), to)
      at += length
      to += length
      continue
    }
    const width = kind === 3 ? 4 : kind
    if (at + width > bytes.length) throw invalid(`a copy ends early at byte ${at}`)
    const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1
    const offset = kind === 1 ? ((tag >>> 5) << 8) | bytes[at]! : littleEndian(bytes, at, width)
    at += width
    if (offset === 0 || offset > to) throw invalid(`a copy from before the start at byte ${at - width}`)
    if (to + length > size) throw invalid(`more than the ${size} bytes that it names`)
    if (offset >= length) content.copyWithin(to, to - offset, to - offset + length)
    else for (let index = 0; index < length; index++) content[to + index] = content[to + index - offset]!
    to += length
  }
  if (to !== size) throw invalid(`${to} bytes instead of the ${size} that it names`)
  return content
}

/**
 * Packs bytes into a raw Snappy block.
 *
 * @example
 * ```ts
 * import { snappyCompress } from '@exprsn/core/bytes'
 *
 * console.log([...snappyCompress(Uint8Array.of(1, 2, 3))]) // [ 3, 8, 1, 2, 3 ]
 * ```
 */
export function snappyCompress(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(32 + bytes.length + Math.ceil(bytes.length / 6))
  const header = varintBytes(bytes.length)
  packed.set(header)
  let to = header.length
  const seen = new Int32Array(1 << hashBits)
  for (let start = 0; start < bytes.length; start += fragmentSize) {
    const end = Math.min(start + fragmentSize, bytes.length)
    seen.fill(-1)
    to = packFragment(bytes, start, end, seen, packed, to)
  }
  return packed.slice(0, to)
}

function packFragment(
  bytes: Uint8Array,
  start: number,
  end: number,
  seen: Int32Array,
  packed: Uint8Array,
  begin: number,
): number {
  let to = begin
  let literal = start
  let misses = 32
  for (let at = start; at + 4 <= end;) {
    const word = littleEndian(bytes, at, 4)
    const slot = Math.imul(word, 0x1e35_a7bd) >>> (32 - hashBits)
    const from = seen[slot]!
    seen[slot] = at
    if (from < 0 || littleEndian(bytes, from, 4) !== word) {
      // The longer nothing matches, the larger the steps: bytes that do not compress are passed over fast.
      at += misses++ >>> 5
      continue
    }
    let length = 4
    while (at + length < end && bytes[from + length] === bytes[at + length]) length++
    to = writeLiteral(bytes, literal, at, packed, to)
    to = writeCopy(at - from, length, packed, to)
    at += length
    literal = at
    misses = 32
  }
  return writeLiteral(bytes, literal, end, packed, to)
}

function writeLiteral(bytes: Uint8Array, from: number, end: number, packed: Uint8Array, begin: number): number {
  if (from === end) return begin
  let to = begin
  const code = end - from - 1
  if (code < 60) packed[to++] = code << 2
  else {
    const width = code < 0x100 ? 1 : 2
    packed[to++] = (59 + width) << 2
    packed[to++] = code & 255
    if (width === 2) packed[to++] = code >>> 8
  }
  packed.set(bytes.subarray(from, end), to)
  return to + end - from
}

function writeCopy(offset: number, total: number, packed: Uint8Array, begin: number): number {
  let to = begin
  for (let length = total; length > 0;) {
    // What is left over stays at four or more, the least that the short form holds.
    const piece = length > 67 ? 64 : length > 64 ? 60 : length
    if (piece >= 4 && piece <= 11 && offset < 2_048) {
      packed[to++] = 1 | ((piece - 4) << 2) | ((offset >>> 8) << 5)
      packed[to++] = offset & 255
    } else {
      packed[to++] = 2 | ((piece - 1) << 2)
      packed[to++] = offset & 255
      packed[to++] = offset >>> 8
    }
    length -= piece
  }
  return to
}

function readSize(bytes: Uint8Array): { readonly size: number; readonly start: number } {
  const reader = new ByteReader(bytes)
  try {
    const size = Number(reader.varint())
    if (size <= 0xffff_ffff) return { size, start: reader.offset }
  } catch (cause) {
    throw bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'Snappy', reason: 'its size cannot be read' }, { cause })
  }
  throw invalid('its size has more than 32 bits')
}

function littleEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = bytes[at]!
  if (width > 1) value |= bytes[at + 1]! << 8
  if (width > 2) value |= bytes[at + 2]! << 16
  if (width > 3) value |= bytes[at + 3]! << 24
  return value >>> 0
}

function invalid(reason: string) {
  return bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'Snappy', reason })
}
