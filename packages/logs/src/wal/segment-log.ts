import type { Clock } from '@exprsn/core'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import { encodeSegmentHeader, saltOf, segmentHeaderSize, segmentName } from './segment-header.ts'

/** A segment of the log as readers see it. */
export interface Segment {
  readonly path: string
  readonly firstSequence: number
  readonly createdAt: number
  /** Bytes that are whole frames. */
  size: number
  /** Whether nothing will be added. */
  closed: boolean
}

/** What a {@link SegmentLog} is made with. */
export interface SegmentLogOptions {
  readonly disk: Disk
  readonly clock: Clock
  /** The folder in which the log has one of its own, named by its id. */
  readonly spool: string
  /** 32 hexadecimal digits. */
  readonly id: string
  /** Whether somebody waits for lines to outlive a power loss: then nothing is left to the system. @default false */
  readonly isDurable?: boolean | undefined
  /** Bytes after which a segment is closed and another begun. */
  readonly segmentBytes: number
}

interface SequenceRange {
  readonly start: number
  end: number
}

/** A disk that fails for an hour is one range: these are failures with success between them. */
const mostRefusals = 1_000

/**
 * The files behind a spool: frames are appended to the newest segment. After a failure the segment is given up, and the
 * next frame begins another: what a failed write or fsync has left in a file is never written behind.
 */
export class SegmentLog {
  readonly id: string
  readonly folder: string
  readonly salt: number
  /** Oldest first. */
  readonly segments: Segment[] = []
  /** Sequence of the next line. */
  nextSequence = 1
  /** Bytes of all segments. */
  bytes = 0
  /** Lines before this sequence may have been dropped with their segment. */
  goneBefore = 0
  readonly #options: SegmentLogOptions
  readonly #refused: SequenceRange[] = []
  #file: DiskFile | undefined
  #current: Segment | undefined
  /** Whether {@link SegmentLog.appendDurably} is about to begin a segment. */
  #isOpening = false
  /** Whether {@link SegmentLog.appendSync} wrote since the last sync. */
  #isUnsynced = false
  /** Segments that were left before they were synced. */
  #rotated: Promise<void> = Promise.resolve()

  constructor(options: SegmentLogOptions) {
    this.#options = options
    this.id = options.id
    this.folder = `${options.spool}/${options.id}`
    this.salt = saltOf(options.id)
  }

  /** Appends whole frames; what it throws left the log as it was. */
  appendSync(frames: Uint8Array, sequence: number): void {
    const file = this.#openSync(sequence)
    const segment = this.#current!
    this.#isUnsynced = true
    try {
      file.writeSync(frames, segment.size)
    } catch (thrown) {
      this.#abandon(file, segment)
      throw thrown
    }
    this.#grew(segment, frames.length)
  }

  /** {@link SegmentLog.appendSync} without holding up the thread; durable when it resolves. */
  async appendDurably(frames: Uint8Array, sequence: number): Promise<void> {
    const file = await this.#openDurably(sequence)
    const segment = this.#current!
    try {
      await file.write(frames, segment.size)
      await file.fdatasync()
    } catch (thrown) {
      this.#abandon(file, segment)
      throw thrown
    }
    // Dropped for want of room meanwhile: it counts no more.
    if (this.segments.includes(segment)) this.#grew(segment, frames.length)
  }

  /** Notes that lines had their sequences but were never here, and were counted when the disk refused them. */
  refuse(sequence: number, lines: number): void {
    const last = this.#refused.at(-1)
    if (last?.end === sequence) last.end += lines
    else this.#refused.push({ start: sequence, end: sequence + lines })
    if (this.#refused.length > mostRefusals) this.#refused.shift()
  }

  /** How many of the lines between two sequences were refused. */
  refusedBetween(from: number, to: number): number {
    return this.#refused.reduce(
      (sum, { start, end }) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
      0,
    )
  }

  /** Where the log ends, when all lines from a sequence on were refused. */
  endAfter(sequence: number): number | undefined {
    const last = this.#refused.at(-1)
    return last !== undefined && last.start <= sequence && last.end === this.nextSequence ? last.end : undefined
  }

  /** Begins another segment with the next frame. */
  rotate(): void {
    const file = this.#file
    if (file === undefined) return
    this.#current!.closed = true
    this.#file = this.#current = undefined
    const isLeft = this.#isUnsynced && this.#options.isDurable === true
    const synced = isLeft ? Promise.all([this.#rotated, file.fdatasync()]) : this.#rotated
    this.#rotated = synced.then(() => {})
    // Who waits for durability hears of a failure from `sync`.
    void this.#rotated.catch(() => {}).then(() => file.close().catch(() => {}))
  }

  /** Makes durable what was written at once: of a durable log all of it, of another one the newest segment. */
  async sync(): Promise<void> {
    await this.#file?.fdatasync()
    this.#isUnsynced = false
    if (this.#options.isDurable !== true) return
    await this.#rotated
    await this.#options.disk.fsyncFolder(this.folder)
    await this.#options.disk.fsyncFolder(this.#options.spool)
  }

  /** Forgets a segment and removes its files. */
  async remove(segment: Segment): Promise<void> {
    const index = this.segments.indexOf(segment)
    if (index < 0) return
    this.segments.splice(index, 1)
    this.bytes -= segment.size
    const { disk } = this.#options
    await disk.removeFile(segment.path).catch(() => {})
    await disk.removeFile(sealPath(segment.path)).catch(() => {})
  }

  /** Drops the oldest segment for want of room. */
  async dropOldest(): Promise<void> {
    const [oldest, next] = this.segments
    if (oldest === undefined) return
    if (next === undefined) this.rotate()
    this.goneBefore = next?.firstSequence ?? this.nextSequence
    await this.remove(oldest)
  }

  async close(): Promise<void> {
    const file = this.#file
    if (file === undefined) return
    this.#current!.closed = true
    this.#file = this.#current = undefined
    await file.fdatasync().catch(() => {})
    await file.close()
  }

  #grew(segment: Segment, bytes: number): void {
    segment.size += bytes
    this.bytes += bytes
    if (segment.size >= this.#options.segmentBytes) this.rotate()
  }

  #openSync(sequence: number): DiskFile {
    if (this.#file !== undefined) return this.#file
    const { disk } = this.#options
    disk.makeFolderSync(this.folder, { permissions: 0o700 })
    const { path, header } = this.#newSegment(sequence)
    // When the process ends while the same segment is being opened, the same bytes go where that would have put them.
    const file = disk.openSync(path, this.#isOpening ? 'create' : 'create-new', { permissions: 0o600 })
    try {
      file.writeSync(header, 0)
    } catch (thrown) {
      file.closeSync()
      tryTo(() => disk.removeFileSync(path))
      throw thrown
    }
    return this.#begun(file, path, sequence)
  }

  async #openDurably(sequence: number): Promise<DiskFile> {
    if (this.#file !== undefined) return this.#file
    this.#isOpening = true
    try {
      return await this.#createDurably(sequence)
    } finally {
      this.#isOpening = false
    }
  }

  async #createDurably(sequence: number): Promise<DiskFile> {
    const { disk, spool } = this.#options
    await disk.makeFolder(this.folder, { permissions: 0o700 })
    const { path, header } = this.#newSegment(sequence)
    const file = await disk.open(path, 'create-new', { permissions: 0o600 })
    try {
      await file.write(header, 0)
      await file.fsync()
      await disk.fsyncFolder(this.folder)
      await disk.fsyncFolder(spool)
    } catch (thrown) {
      await file.close().catch(() => {})
      await disk.removeFile(path).catch(() => {})
      throw thrown
    }
    return this.#begun(file, path, sequence)
  }

  #newSegment(sequence: number): { path: string; header: Uint8Array } {
    const createdAt = this.#options.clock.now()
    // A segment that was given up before its first frame has the same first sequence: it holds nothing, and goes.
    const last = this.segments.at(-1)
    if (last?.firstSequence === sequence) this.#dropEmpty(last)
    const path = `${this.folder}/${segmentName(sequence)}`
    return { path, header: encodeSegmentHeader({ id: this.id, firstSequence: sequence, createdAt }) }
  }

  #dropEmpty(segment: Segment): void {
    this.segments.pop()
    this.bytes -= segment.size
    tryTo(() => this.#options.disk.removeFileSync(segment.path))
  }

  #begun(file: DiskFile, path: string, firstSequence: number): DiskFile {
    const createdAt = this.#options.clock.now()
    this.#current = { path, firstSequence, createdAt, size: segmentHeaderSize, closed: false }
    this.#file = file
    this.segments.push(this.#current)
    this.bytes += segmentHeaderSize
    return file
  }

  #abandon(file: DiskFile, segment: Segment): void {
    segment.closed = true
    this.#file = this.#current = undefined
    tryTo(() => file.truncateSync(segment.size))
    tryTo(() => file.closeSync())
  }
}

/** The file beside a segment that holds the checksums of its ranges. */
export function sealPath(segmentPath: string): string {
  return segmentPath.replace(/\.wal$/, '.seal')
}

/** Steps of tidying up after a failure, whose own failure says nothing new. */
function tryTo(step: () => void): void {
  try {
    step()
  } catch {
    // The first failure is the one that is reported.
  }
}
