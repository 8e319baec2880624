import { isUtf8 } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { createRecord, recordIn, type LinePage, type LogRecord } from '../record/log-record.ts'
import { frameHeaderSize, frameKind, frameKinds, frameLength, frameSequence, isFrameHeader, uint32 } from './frame.ts'

/** CRC-32 of what follows, and the number of lines. */
export const batchHeaderSize = 8

const newline = 0x0a
const openBrace = 0x7b

/** What a {@link scanFrames} works with and on. */
export interface FrameScan {
  readonly id: string
  readonly salt: number
  readonly fallbackTime: number
  /** Sequence of the next line wanted. Lines before it are passed over; those missing before one that is found are lost. */
  expected: number
  /** Lines found, in order. */
  readonly records: LogRecord[]
  /** Lines that the sequence says there were and that cannot be read. */
  lost: number
  /** Asked about lines without a checksum of their own, by their place; without it all are believed. */
  readonly isTrusted?: ((offset: number) => boolean) | undefined
}

/** Why a scan ended: `end` of the bytes between two frames; a frame `cut` off by the end; bytes that are `bad`. */
export interface ScanEnd {
  /** Where the next frame would begin. */
  readonly offset: number
  readonly reason: 'end' | 'cut' | 'bad' | 'full'
  /** Bytes that the cut frame needs from `offset` on; 0 where unknown. */
  readonly wanted: number
}

/** Reads frames from `start` until the bytes end, the scan has `mostRecords`, or a frame begins at `enough` or behind it. */
export function scanFrames(
  scan: FrameScan,
  bytes: Uint8Array,
  start: number,
  end: number,
  mostRecords: number,
  enough: number = end,
): ScanEnd {
  const page: LinePage = { prefix: scan.id, buffer: bytes, fallbackTime: scan.fallbackTime }
  let offset = start
  while (offset < end) {
    if (scan.records.length >= mostRecords || offset >= enough) return { offset, reason: 'full', wanted: 0 }
    if (offset + frameHeaderSize > end) return { offset, reason: 'cut', wanted: frameHeaderSize }
    if (!isFrameHeader(bytes, offset, scan.salt)) return { offset, reason: 'bad', wanted: 0 }
    const length = frameLength(bytes, offset)
    const from = offset + frameHeaderSize
    const to = from + length
    if (to > end) return { offset, reason: 'cut', wanted: frameHeaderSize + length }
    const sequence = frameSequence(bytes, offset)
    if (frameKind(bytes, offset) === frameKinds.line) {
      if (scan.isTrusted === undefined || scan.isTrusted(offset) || isPlausible(bytes, from, to))
        takeLine(scan, page, from, to, sequence)
    } else if (!takeBatch(scan, page, from, to, sequence)) return { offset, reason: 'bad', wanted: 0 }
    offset = to
  }
  return { offset, reason: 'end', wanted: 0 }
}

/** The next place after `start` where a frame with a plausible sequence stands whole; undefined when there is none. */
export function findFrame(scan: FrameScan, bytes: Uint8Array, start: number, end: number): number | undefined {
  const farthest = scan.expected + (end - start)
  for (let offset = start; offset + frameHeaderSize <= end; offset++) {
    if (!isFrameHeader(bytes, offset, scan.salt)) continue
    const sequence = frameSequence(bytes, offset)
    const to = offset + frameHeaderSize + frameLength(bytes, offset)
    if (sequence < scan.expected || sequence > farthest || to > end) continue
    // One check is right by chance once in 65,536 places: where another frame should follow, it must be there.
    if (to + frameHeaderSize <= end && !isFrameHeader(bytes, to, scan.salt)) continue
    return offset
  }
  return undefined
}

function takeLine(scan: FrameScan, page: LinePage, from: number, to: number, sequence: number): void {
  if (sequence < scan.expected) return
  scan.lost += sequence - scan.expected
  scan.expected = sequence + 1
  scan.records.push(recordIn(page, sequence, from, endOfText(page.buffer, from, to)))
}

/** Whether bytes whose checksum is wrong or missing can be a line: UTF-8 without zeros, and JSON where it begins like it. */
function isPlausible(bytes: Uint8Array, from: number, to: number): boolean {
  const line = bytes.subarray(from, endOfText(bytes, from, to))
  if (!isUtf8(line) || line.includes(0)) return false
  return line[0] !== openBrace || createRecord({ id: '', bytes: line, fallbackTime: 0 }).isJson
}

function takeBatch(scan: FrameScan, page: LinePage, from: number, to: number, first: number): boolean {
  const bytes = page.buffer
  if (to - from < batchHeaderSize || crc32(bytes.subarray(from + 4, to)) !== uint32(bytes, from)) return false
  const count = uint32(bytes, from + 4)
  let offset = from + batchHeaderSize
  for (let index = 0; index < count; index++) {
    const start = offset + 4
    offset = start + uint32(bytes, offset)
    takeLine(scan, page, start, offset, first + index)
  }
  return true
}

/** A newline at the end of a line is not part of it. */
function endOfText(bytes: Uint8Array, from: number, to: number): number {
  return to > from && bytes[to - 1] === newline ? to - 1 : to
}
