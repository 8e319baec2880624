import type { Disk, DiskFile } from '@exprsn/core/disk'
import { crc32cHex } from '../../manifest/checksum.ts'
import type { ManifestFile } from '../../manifest/parse-manifest.ts'
import type { Pace } from '../../progress/pace.ts'
import type { Lsn } from '../../replication/lsn.ts'
import { pageSize } from '../pages/page.ts'
import { createReadMemory, pieceSize, type ReadMemory } from '../pages/read-memory.ts'
import { isRelationFolder, parseRelationFile } from '../pages/relation-file.ts'
import type { BackupSink } from '../sink.ts'
import { unlessRemoved } from './reading.ts'

/** Pages that should have been right. */
export interface DamagedPages {
  readonly count: number
  /** The first one: its file, and its number in there. */
  readonly path: string
  readonly page: number
}

/** Options of {@link createFileCopier}. */
export interface FileCopierOptions {
  readonly disk: Disk
  readonly sink: BackupSink
  /** Where the backup starts; pages are verified where the cluster has checksums. */
  readonly start: Lsn
  readonly verifyPages: boolean
  /** Pages of a relation's file before the next one begins. */
  readonly pagesPerSegment: number
  readonly pace: Pace
  /** Told the number of bytes of each piece. */
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal | undefined
  /** @default a new one */
  readonly memory?: ReadMemory | undefined
}

/** Copies files of a running server into a sink. */
export interface FileCopier {
  /** What the manifest says of the file; undefined when the server has removed it. */
  copy(place: string, path: string): Promise<ManifestFile | undefined>
  /** Undefined while there are none. */
  damaged(): DamagedPages | undefined
}

/**
 * A file is as long as it was when it was opened: what is added meanwhile comes from the log, and what is cut off is zeros until the
 * log has been replayed. Each piece is read while the one before is worked on.
 */
export function createFileCopier(options: FileCopierOptions): FileCopier {
  const { disk, sink, start, pace, onBytes, signal, memory = createReadMemory() } = options
  let damaged: DamagedPages | undefined

  /** Verifies the pages of a piece; one that looks torn, as the server writes it at this moment, is read once more. */
  const verify = async (file: DiskFile, piece: Uint8Array, { path, block, position }: PieceFacts): Promise<void> => {
    const pages = piece.subarray(0, piece.length - (piece.length % pageSize))
    const count = pages.length / pageSize
    for (let index = 0; index < count; index++) {
      index += memory.firstUnfit(pages.subarray(index * pageSize), block + index, start)
      if (index === count) return
      const page = pages.subarray(index * pageSize, (index + 1) * pageSize)
      const got = await file.read(page, position + index * pageSize)
      // It was cut off meanwhile.
      if (got < pageSize) page.fill(0, got)
      else if (memory.firstUnfit(page, block + index, start) === 0)
        damaged = { path, page: position / pageSize + index, ...damaged, count: (damaged?.count ?? 0) + 1 }
    }
  }

  const copyContent = async (file: DiskFile, path: string, size: number): Promise<number> => {
    const firstBlock = options.verifyPages ? firstBlockOf(path, options.pagesPerSegment) : undefined
    const target = (position: number): Uint8Array =>
      memory.buffers[(position / pieceSize) & 1]!.subarray(0, Math.min(pieceSize, size - position))
    const readAt = (position: number): Promise<number> => {
      const reading = file.read(target(position), position)
      // It is looked at later, or never when something else has failed.
      reading.catch(() => {})
      return reading
    }
    let checksum = 0
    let reading = size > 0 ? readAt(0) : undefined
    for (let position = 0; reading !== undefined; position += pieceSize) {
      signal?.throwIfAborted()
      const piece = target(position)
      const got = await reading
      if (got < piece.length) piece.fill(0, got)
      await pace.take(piece.length, signal)
      const next = position + pieceSize
      reading = next < size ? readAt(next) : undefined
      if (firstBlock !== undefined)
        await verify(file, piece, { path, block: firstBlock + position / pageSize, position })
      checksum = memory.crc32c(piece, checksum)
      onBytes(piece.length)
      await sink.write(piece, true)
    }
    return checksum
  }

  return {
    damaged: () => damaged,
    async copy(place, path) {
      const file = await unlessRemoved(place, disk.open(place, 'read', { noFollow: true }))
      if (file === undefined) return undefined
      try {
        const stat = await file.stat()
        if (stat.kind !== 'file') return undefined
        const modifiedAt = Number(stat.modifiedAt / 1_000_000_000n)
        sink.file({ path, size: stat.size, mode: stat.mode & 0o777, modifiedAt })
        const checksum = await copyContent(file, path, stat.size)
        await sink.endFile()
        return { path, size: stat.size, modifiedAt, checksum: { algorithm: 'CRC32C', hex: crc32cHex(checksum) } }
      } finally {
        await file.close()
      }
    },
  }
}

interface PieceFacts {
  readonly path: string
  /** Number of the first page in its relation. */
  readonly block: number
  readonly position: number
}

/** The number that the first page of a file has in its relation; undefined for files that are no relation. */
function firstBlockOf(path: string, pagesPerSegment: number): number | undefined {
  const slash = path.lastIndexOf('/')
  const relation = isRelationFolder(path.slice(0, Math.max(0, slash)))
    ? parseRelationFile(path.slice(slash + 1))
    : undefined
  return relation && relation.segment * pagesPerSegment
}
