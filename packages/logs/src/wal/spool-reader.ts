import type { Disk, DiskFile } from '@exprsn/core/disk'
import type { LogRecord } from '../record/log-record.ts'
import { walErrors } from './errors.ts'
import { findFrame, scanFrames, type FrameScan } from './scan-frames.ts'
import { saltOf, segmentHeaderSize } from './segment-header.ts'
import { sealedPlaces } from './seals.ts'
import type { Segment } from './segment-log.ts'

/** The segments of one spool folder: that of this process, which grows, or one that was left behind. */
export interface SegmentSource {
  readonly id: string
  /** Oldest first. */
  readonly segments: readonly Segment[]
  /** Lines before this sequence may have been dropped because the spool was full. */
  readonly goneBefore: number
  /** Where the lines end, when from a sequence on there are none to be read: they were dropped, or refused by the disk. */
  endAfter(sequence: number): number | undefined
  /** How many lines between two sequences the disk refused: they were counted then. @default none */
  refusedBetween?(from: number, to: number): number
  /** Whether another process wrote it: then its lines are checked as far as they can be. @default false */
  readonly isForeign?: boolean | undefined
}

/** How much to read at once. */
export interface ReadLimits {
  /** Lines; the batch of one flush is not divided. */
  readonly records: number
  /** Bytes of frames. */
  readonly bytes: number
}

/** Lines in order, and where they end. */
export interface ReadBatch {
  readonly records: readonly LogRecord[]
  /** Bytes of the lines with their frames. */
  readonly bytes: number
  /** Sequence of the line after them: the checkpoint when all are delivered. */
  readonly next: number
}

/** Why lines cannot be read: the spool dropped them for want of room, or their bytes are damaged or gone. */
export type LossReason = 'dropped' | 'damaged'

/** What a reader reports. */
export interface ReaderEvents {
  readonly onLoss: (lines: number, reason: LossReason, error: Error) => void
}

/** A read is a task for another thread, and what a frame is cut off at the end is read twice: few large reads cost least. */
const chunkSize = 1024 * 1024

/** Whole frames, mostly, that were read from a segment. */
interface Chunk {
  readonly bytes: Uint8Array
  /** Where they begin in the segment. */
  readonly start: number
  /** Whether the file ended before them. */
  readonly isShort: boolean
}

/** Reads a spool folder from a sequence on. Lines that damage has taken are counted, and what follows them is read. */
export class SpoolReader {
  readonly #disk: Disk
  readonly #source: SegmentSource
  readonly #events: ReaderEvents
  readonly #salt: number
  #expected: number
  #segment: Segment | undefined
  #offset = 0
  #file: DiskFile | undefined
  #chunk: Chunk | undefined
  /** Bytes that the next frame is known to need. */
  #wanted = 0
  #isTrusted: ((offset: number) => boolean) | undefined

  constructor(disk: Disk, source: SegmentSource, from: number, events: ReaderEvents) {
    this.#disk = disk
    this.#source = source
    this.#expected = from
    this.#events = events
    this.#salt = saltOf(source.id)
  }

  /** Sequence of the next line. */
  get next(): number {
    return this.#expected
  }

  /** The next lines; none when there are no more, or no more yet. */
  async read({ records: mostRecords, bytes: mostBytes }: ReadLimits): Promise<ReadBatch> {
    const records: LogRecord[] = []
    let bytes = 0
    while (records.length < mostRecords && bytes < mostBytes) {
      const segment = this.#current()
      if (segment === undefined) break
      if (this.#offset >= segment.size) {
        if (!(await this.#leave(segment))) break
        continue
      }
      const passed = await this.#readChunk(segment, records, mostRecords, mostBytes - bytes)
      // What lies before the wanted line does not count: an empty batch means that there is nothing left to read.
      if (records.length > 0) bytes += passed
    }
    if (records.length === 0) this.#skipTo(this.#source.endAfter(this.#expected) ?? 0, this.#segment?.path)
    return { records, bytes, next: this.#expected }
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = this.#chunk = undefined
  }

  /** The segment being read, or the one to begin with. */
  #current(): Segment | undefined {
    const { segments } = this.#source
    if (this.#segment !== undefined && segments.includes(this.#segment)) return this.#segment
    // At the start, or when what was being read is gone: the last that begins at or before the wanted line, else the first.
    const next = segments.findLast(({ firstSequence }) => firstSequence <= this.#expected) ?? segments[0]
    if (next !== undefined && this.#segment !== next) this.#enter(next)
    return next
  }

  #enter(segment: Segment): void {
    this.#segment = segment
    this.#offset = segmentHeaderSize
    void this.#file?.close().catch(() => {})
    this.#file = this.#chunk = this.#isTrusted = undefined
    this.#skipTo(segment.firstSequence, segment.path)
  }

  /** Goes to the next segment; false when there is none yet. */
  async #leave(segment: Segment): Promise<boolean> {
    const { segments } = this.#source
    const following = segments[segments.indexOf(segment) + 1]
    if (following === undefined) return false
    await this.close()
    this.#enter(following)
    return true
  }

  async #readChunk(segment: Segment, records: LogRecord[], mostRecords: number, mostBytes: number): Promise<number> {
    if (this.#source.isForeign) this.#isTrusted ??= await sealedPlaces(this.#disk, segment)
    const { bytes, start, isShort } = (this.#chunk ??= await this.#nextChunk(segment))
    const from = this.#offset - start
    const scan = this.#scan(segment, records, start)
    const end = scanFrames(scan, bytes, from, bytes.length, mostRecords, from + mostBytes)
    const refused = this.#source.refusedBetween?.(this.#expected, scan.expected) ?? 0
    this.#report(segment.path, scan.lost - refused, 'damaged')
    this.#expected = scan.expected
    this.#offset = start + end.offset
    if (end.reason === 'full') return end.offset - from
    this.#chunk = undefined
    this.#wanted = end.wanted
    // A frame that is longer than the chunk is read again as a whole, unless the file ends within it.
    const isBroken = end.reason === 'cut' && (isShort || this.#offset + end.wanted > segment.size)
    if (end.reason === 'bad' || isBroken || bytes.length === 0) await this.#passDamage(segment)
    return end.offset - from
  }

  #scan(segment: Segment, records: LogRecord[], start: number): FrameScan {
    const isTrusted = this.#isTrusted
    return {
      isTrusted: isTrusted && ((offset) => isTrusted(start + offset)),
      id: this.#source.id,
      salt: this.#salt,
      fallbackTime: segment.createdAt,
      expected: this.#expected,
      records,
      lost: 0,
    }
  }

  async #nextChunk(segment: Segment): Promise<Chunk> {
    const length = Math.min(segment.size - this.#offset, Math.max(chunkSize, this.#wanted))
    const bytes = await this.#bytesAt(segment, length)
    return { bytes, start: this.#offset, isShort: bytes.length < length }
  }

  async #bytesAt(segment: Segment, length: number): Promise<Uint8Array> {
    this.#file ??= await this.#disk.open(segment.path, 'read')
    const bytes = Buffer.allocUnsafe(length)
    const got = await this.#file.read(bytes, this.#offset)
    return got === length ? bytes : bytes.subarray(0, got)
  }

  /** Finds the next frame behind bytes that are none; without one the rest of the segment is given up. */
  async #passDamage(segment: Segment): Promise<void> {
    const rest = await this.#bytesAt(segment, segment.size - this.#offset)
    // A batch whose checksum is wrong stands between headers that are right: what it held is counted by what follows.
    const found = findFrame(this.#scan(segment, [], this.#offset), rest, 1, rest.length)
    this.#offset = found === undefined ? segment.size : this.#offset + found
  }

  /** Lines between the one wanted and this are not there any more. */
  #skipTo(sequence: number, path: string | undefined): void {
    if (sequence <= this.#expected) return
    const lost = sequence - this.#expected - (this.#source.refusedBetween?.(this.#expected, sequence) ?? 0)
    this.#report(path ?? this.#source.id, lost, this.#source.goneBefore >= sequence ? 'dropped' : 'damaged')
    this.#expected = sequence
  }

  #report(path: string, lost: number, reason: LossReason): void {
    if (lost <= 0) return
    this.#events.onLoss(lost, reason, walErrors.LOGS_WAL_DAMAGED({ path, offset: this.#offset, lost }))
  }
}
