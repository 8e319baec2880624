import { join } from 'node:path'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { walErrors } from './errors.ts'
import { segmentName } from './segment.ts'

/** Options of {@link createSegmentWriter}. */
export interface SegmentWriterOptions {
  readonly disk: Disk
  readonly folder: string
  readonly timeline: number
  readonly segmentSize: number
  /** Start of a segment. */
  readonly start: Lsn
  /** Everything before `durable` would survive a power loss now. */
  readonly onDurable: (durable: Lsn) => void
  /** Writing or syncing failed: nothing more will become durable. */
  readonly onFailure: (error: unknown) => void
}

/** Writes the log into segment files and makes it durable in the background. */
export interface SegmentWriter {
  /** One past the last byte written. */
  position(): Lsn
  durable(): Lsn
  /** Bytes must follow on the position. A returned promise asks to wait: syncing has fallen behind. */
  write(start: Lsn, bytes: Uint8Array): void | Promise<void>
  /** Resolves when everything written so far is durable. */
  flush(): Promise<void>
  /** Waits for a running sync and closes the files; never fails. */
  close(): Promise<void>
}

interface OpenSegment {
  readonly file: DiskFile
  readonly name: string
}

/** Segments that may be full but not yet durable before the server is asked to wait. */
const mostUnsealed = 2

/**
 * A segment is written into `<name>.partial`, which has its full size from the beginning and is never shortened: after
 * a reconnect the same bytes are written over it again, for it may be the only copy of acknowledged commits. When
 * complete it is synced and gets its own name.
 *
 * One sync is in flight at a time; what is written meanwhile is covered by the next (group commit).
 */
export function createSegmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const { disk, folder, timeline, segmentSize, onDurable, onFailure } = options
  const size = BigInt(segmentSize)
  const full: OpenSegment[] = []
  let position = options.start
  let durable = options.start
  let current: OpenSegment | undefined
  let namesChanged = false
  let syncing: Promise<void> | undefined
  let failed: { readonly error: unknown } | undefined

  const open = (): OpenSegment => {
    const name = segmentName({ timeline, start: position - (position % size) }, segmentSize)
    const file = disk.openSync(join(folder, `${name}.partial`), 'create', { permissions: 0o600 })
    namesChanged = true
    try {
      if (file.statSync().size !== segmentSize) file.truncateSync(segmentSize)
    } catch (error) {
      file.closeSync()
      throw error
    }
    return { file, name }
  }

  const seal = async ({ file, name }: OpenSegment): Promise<void> => {
    await file.fsync()
    await file.close()
    await disk.rename(join(folder, `${name}.partial`), join(folder, name))
    namesChanged = true
  }

  const syncOnce = async (): Promise<void> => {
    const target = position
    const unfinished = current
    while (full.length > 0) {
      await seal(full[0]!)
      full.shift()
    }
    // Only what was reached before this sync began is durable after it; a segment that filled meanwhile is not sealed yet.
    await unfinished?.file.fdatasync()
    if (namesChanged) {
      namesChanged = false
      await disk.fsyncFolder(folder)
    }
    durable = target
    onDurable(durable)
  }

  const syncAll = async (): Promise<void> => {
    try {
      while (durable < position) await syncOnce()
    } catch (error) {
      failed = { error }
      onFailure(error)
    } finally {
      syncing = undefined
    }
  }

  const write = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length;) {
      current ??= open()
      const offset = Number(position % size)
      const piece = bytes.subarray(from, from + segmentSize - offset)
      current.file.writeSync(piece, offset)
      from += piece.length
      position += BigInt(piece.length)
      if (position % size === 0n) {
        full.push(current)
        current = undefined
      }
    }
  }

  const flush = async (): Promise<void> => {
    while (durable < position && failed === undefined) await (syncing ??= syncAll())
    if (failed !== undefined) throw failed.error
  }

  return {
    position: () => position,
    durable: () => durable,
    write(start, bytes) {
      if (failed !== undefined) throw failed.error
      if (start !== position)
        throw walErrors.BACKUP_WAL_GAP({
          from: formatLsn(position),
          to: formatLsn(start),
          reason: 'the server sent WAL that does not follow on what came before',
        })
      write(bytes)
      syncing ??= syncAll()
      return full.length > mostUnsealed ? syncing : undefined
    },
    flush,
    async close() {
      await syncing
      const open = current === undefined ? full.splice(0) : [...full.splice(0), current]
      current = undefined
      await Promise.allSettled(open.map(({ file }) => file.close()))
    },
  }
}
