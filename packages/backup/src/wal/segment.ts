import type { Lsn } from '../replication/lsn.ts'
import { walErrors } from './errors.ts'

/** One file of WAL, by its place in the log. */
export interface Segment {
  readonly timeline: number
  /** Position of its first byte: a multiple of the segment size. */
  readonly start: Lsn
}

/** The position where the segment begins that holds `lsn`. */
export function segmentStart(lsn: Lsn, segmentSize: number): Lsn {
  return lsn - (lsn % BigInt(segmentSize))
}

/** Three groups of eight hexadecimal digits: timeline, high half of the position, segment number within 4 GiB. */
export function segmentName({ timeline, start }: Segment, segmentSize: number): string {
  const number = (start & 0xffff_ffffn) / BigInt(segmentSize)
  return hex8(BigInt(timeline)) + hex8(start >> 32n) + hex8(number)
}

/** Whether a file name has the form of a segment; it may end in `.partial`. */
export function isSegmentName(name: string): boolean {
  return /^[0-9A-F]{24}(\.partial)?$/.test(name)
}

/** Reads a segment's file name; undefined for any other, and for one that is impossible with this segment size. */
export function parseSegmentName(name: string, segmentSize: number): Segment | undefined {
  if (!isSegmentName(name)) return undefined
  const timeline = Number.parseInt(name.slice(0, 8), 16)
  const low = BigInt(`0x${name.slice(16, 24)}`) * BigInt(segmentSize)
  if (timeline === 0 || low > 0xffff_ffffn) return undefined
  return { timeline, start: (BigInt(`0x${name.slice(8, 16)}`) << 32n) | low }
}

/** Whether PostgreSQL allows segments of this size: a power of two from 1 MiB to 1 GiB. */
export function isSegmentSize(size: number): boolean {
  return Number.isInteger(size) && size >= 1 << 20 && size <= 1 << 30 && (size & (size - 1)) === 0
}

const units = { B: 1, kB: 1 << 10, MB: 1 << 20, GB: 1 << 30 } as const

/** Reads what `SHOW wal_segment_size` prints: `'16MB'`. @throws `BACKUP_WAL_OPTION_INVALID` */
export function parseSegmentSize(text: string | null | undefined): number {
  const match = /^(\d+)(B|kB|MB|GB)$/.exec(text ?? '')
  const size = match === null ? Number.NaN : Number(match[1]) * units[match[2] as keyof typeof units]
  if (!isSegmentSize(size)) throw walErrors.BACKUP_WAL_OPTION_INVALID({ reason: `wal_segment_size is "${text}"` })
  return size
}

function hex8(value: bigint): string {
  return value.toString(16).toUpperCase().padStart(8, '0')
}
