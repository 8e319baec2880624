import { crc32 } from 'node:zlib'
import { fromHex, toHex } from '@exprsn/core/bytes'
import { putUint32, uint32 } from './frame.ts'

/** What every segment begins with. */
export interface SegmentHeader {
  /** Of the spool folder: 32 hexadecimal digits. */
  readonly id: string
  /** Sequence of the first line that belongs here. */
  readonly firstSequence: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Magic, format, id, first sequence, time of creation, CRC-32. */
export const segmentHeaderSize = 40
const magic = 0x474f_4c58
/** The format of the log. A later one that this code cannot read has a higher number. */
const walFormat = 1

/** The bytes of a header. */
export function encodeSegmentHeader({ id, firstSequence, createdAt }: SegmentHeader): Uint8Array {
  const bytes = Buffer.alloc(segmentHeaderSize)
  putUint32(bytes, 0, magic)
  bytes[4] = walFormat
  bytes.set(fromHex(id), 8)
  bytes.writeUIntLE(firstSequence, 24, 6)
  bytes.writeUIntLE(Math.min(Math.max(0, Math.floor(createdAt)), 2 ** 48 - 1), 30, 6)
  putUint32(bytes, 36, crc32(bytes.subarray(0, 36)))
  return bytes
}

/** A header read back; the format's number when it is another; undefined when these bytes are no header. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | number | undefined {
  if (bytes.length < segmentHeaderSize || uint32(bytes, 0) !== magic) return undefined
  if (uint32(bytes, 36) !== crc32(bytes.subarray(0, 36))) return undefined
  if (bytes[4] !== walFormat) return bytes[4]!
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return {
    id: toHex(bytes.subarray(8, 24)),
    firstSequence: view.readUIntLE(24, 6),
    createdAt: view.readUIntLE(30, 6),
  }
}

/** What frames of a spool are salted with: the first four bytes of its id. */
export function saltOf(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) | 0
}

/** `00000000002a.wal`: names sort as their sequences do. */
export function segmentName(firstSequence: number): string {
  return `${firstSequence.toString(16).padStart(12, '0')}.wal`
}

/** The first sequence that a segment's name says; undefined for other files. */
export function sequenceOfName(name: string): number | undefined {
  return /^[0-9a-f]{12}\.wal$/.test(name) ? Number.parseInt(name.slice(0, 12), 16) : undefined
}
