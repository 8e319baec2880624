import { crc32 } from 'node:zlib'
import type { Disk } from '@exprsn/core/disk'
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
  readonly end: number
}

/**
 * Writes the checksums of a segment's ranges beside it, after the lines were written: what mode `line` saves in the call
 * that logs. A range that rots between writing and a later delivery is then known for what it is.
 */
export class Sealer {
  readonly #disk: Disk
  #buffer: Buffer | undefined
  /** Bytes of each segment that are sealed. */
  readonly #sealed = new WeakMap<Segment, { end: number; entries: number }>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Seals what was added to a segment since the last time. */
  async seal(segment: Segment): Promise<void> {
    const known = this.#sealed.get(segment) ?? { end: segmentHeaderSize, entries: 0 }
    const { size } = segment
    if (size <= known.end) return
    const checksum = await this.#checksum(segment, known.end, size)
    const entry = Buffer.alloc(sealSize)
    putUint32(entry, 0, size)
    putUint32(entry, 4, checksum)
    putUint32(entry, 8, crc32(entry.subarray(0, 8)))
    const seals = await this.#disk.open(sealPath(segment.path), 'create', { permissions: 0o600 })
    try {
      await seals.write(entry, known.entries * sealSize)
    } finally {
      await seals.close()
    }
    this.#sealed.set(segment, { end: size, entries: known.entries + 1 })
  }

  /** Piece by piece through one buffer: fresh memory for megabytes costs more than reading them. */
  async #checksum(segment: Segment, start: number, end: number): Promise<number> {
    const file = await this.#disk.open(segment.path, 'read')
    try {
      let checksum = 0
      for (let at = start; at < end;) {
        this.#buffer ??= Buffer.allocUnsafeSlow(pieceSize)
        const piece = this.#buffer.subarray(0, Math.min(pieceSize, end - at))
        const got = await file.read(piece, at)
        // A file that is shorter than it should be is sealed as it is: then the seal vouches for nothing.
        if (got === 0) break
        checksum = crc32(piece.subarray(0, got), checksum)
        at += got
      }
      return checksum
    } finally {
      await file.close()
    }
  }
}

/**
 * Says of places in a segment whether a seal vouches for them. What has rotted, and the tail that was written after the last
 * seal, is vouched for by nothing.
 */
export async function sealedPlaces(disk: Disk, segment: Segment): Promise<(offset: number) => boolean> {
  const seals = await contentOrEmpty(disk, sealPath(segment.path))
  const file = await disk.open(segment.path, 'read')
  const good: SealedRange[] = []
  try {
    let start = segmentHeaderSize
    for (let at = 0; at + sealSize <= seals.length; at += sealSize) {
      if (crc32(seals.subarray(at, at + 8)) !== uint32(seals, at + 8)) break
      const end = uint32(seals, at)
      if (end <= start || end > segment.size) break
      const bytes = new Uint8Array(end - start)
      await file.read(bytes, start)
      if (crc32(bytes) === uint32(seals, at + 4)) good.push({ start, end })
      start = end
    }
  } finally {
    await file.close()
  }
  return (offset) => good.some(({ start, end }) => offset >= start && offset < end)
}
