import { crc32 } from 'node:zlib'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import { contentOrEmpty } from './content-or-empty.ts'
import { putUint32, uint32 } from './frame.ts'
import { segmentHeaderSize } from './segment-header.ts'
import { sealPath } from './segment-log.ts'
import type { Segment } from './segment-log.ts'

/** End of the range u32, CRC-32 of the range, CRC-32 of both. */
const sealSize = 12

const pieceSize = 262_144

/** A range of a segment, `end` excluded. */
interface SealedRange {
  readonly start: number
  end: number
}

interface SealedSegment {
  /** Bytes that are sealed, or passed over. */
  readonly end: number
  /** End of the last range that is in the file, and how many there are. */
  readonly written: number
  readonly entries: number
}

const nothing: SealedSegment = { end: segmentHeaderSize, written: segmentHeaderSize, entries: 0 }

/**
 * Writes the checksums of a segment's ranges beside it, some time after the lines were written: what mode `line` saves in
 * the call that logs. A range that rots before a later process delivers it is then known for what it is.
 */
export class Sealer {
  readonly #disk: Disk
  #buffer: Buffer | undefined
  readonly #sealed = new WeakMap<Segment, SealedSegment>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Passes over what was added to a segment since the last time: it is delivered, and nobody will ask. */
  skip(segment: Segment, until: number): void {
    const known = this.#sealed.get(segment) ?? nothing
    if (until > known.end) this.#sealed.set(segment, { ...known, end: until })
  }

  /** Seals what was added to a segment since the last time. */
  async seal(segment: Segment, until: number = segment.size): Promise<void> {
    const { end, written, entries } = this.#sealed.get(segment) ?? nothing
    if (until <= end) return
    const checksum = await this.#checksum(segment, end, until)
    // What was passed over is a range as well, for which nothing vouches.
    const seals = end > written ? [entry(end, 0), entry(until, checksum)] : [entry(until, checksum)]
    const file = await this.#disk.open(sealPath(segment.path), 'create', { permissions: 0o600 })
    try {
      await file.write(Buffer.concat(seals), entries * sealSize)
    } finally {
      await file.close()
    }
    this.#sealed.set(segment, { end: until, written: until, entries: entries + seals.length })
  }

  async #checksum(segment: Segment, start: number, end: number): Promise<number> {
    this.#buffer ??= Buffer.allocUnsafeSlow(pieceSize)
    const file = await this.#disk.open(segment.path, 'read')
    try {
      // A file that is shorter than it should be is sealed as it is: then the seal vouches for nothing.
      return (await checksumOf(file, start, end, this.#buffer)).checksum
    } finally {
      await file.close()
    }
  }
}

/** Piece by piece through one buffer: fresh memory for megabytes costs more than reading them. */
async function checksumOf(
  file: DiskFile,
  start: number,
  end: number,
  buffer: Buffer,
): Promise<{ readonly checksum: number; readonly isWhole: boolean }> {
  let checksum = 0
  for (let at = start; at < end;) {
    const piece = buffer.subarray(0, Math.min(buffer.length, end - at))
    const got = await file.read(piece, at)
    if (got === 0) return { checksum, isWhole: false }
    checksum = crc32(piece.subarray(0, got), checksum)
    at += got
  }
  return { checksum, isWhole: true }
}

function entry(end: number, checksum: number): Uint8Array {
  const bytes = Buffer.alloc(sealSize)
  putUint32(bytes, 0, end)
  putUint32(bytes, 4, checksum)
  putUint32(bytes, 8, crc32(bytes.subarray(0, 8)))
  return bytes
}

/**
 * Says of places in a segment whether a seal vouches for them. What has rotted, and the tail that was written after the last
 * seal, is vouched for by nothing.
 */
export async function sealedPlaces(disk: Disk, segment: Segment): Promise<(offset: number) => boolean> {
  const seals = await contentOrEmpty(disk, sealPath(segment.path))
  if (seals.length < sealSize) return () => false
  const file = await disk.open(segment.path, 'read')
  const good: SealedRange[] = []
  const buffer = Buffer.allocUnsafe(Math.min(pieceSize, segment.size))
  try {
    let start = segmentHeaderSize
    for (let at = 0; at + sealSize <= seals.length; at += sealSize) {
      if (crc32(seals.subarray(at, at + 8)) !== uint32(seals, at + 8)) break
      const end = uint32(seals, at)
      if (end <= start || end > segment.size) break
      const { checksum, isWhole } = await checksumOf(file, start, end, buffer)
      if (isWhole && checksum === uint32(seals, at + 4)) add(good, start, end)
      start = end
    }
  } finally {
    await file.close()
  }
  // Asked for line after line: mostly it is the range of the last time.
  let last: SealedRange | undefined
  return (offset) => {
    if (last === undefined || offset < last.start || offset >= last.end)
      last = good.find(({ start, end }) => offset >= start && offset < end)
    return last !== undefined
  }
}

/** Ranges that touch are one: a service that logs little has thousands of them in a segment. */
function add(ranges: SealedRange[], start: number, end: number): void {
  const last = ranges.at(-1)
  if (last?.end === start) last.end = end
  else ranges.push({ start, end })
}
