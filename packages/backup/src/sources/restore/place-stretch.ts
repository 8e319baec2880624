import { ExprsnError } from '@exprsn/core'
import type { Disk, DiskFile, DiskPath } from '@exprsn/core/disk'
import type { PackedBlob } from '../../repository/index.ts'

/** A file that a blob goes to. */
export interface PlacedFile {
  /** Its number in the restore, by which it is kept open. */
  readonly file: number
  readonly path: DiskPath
  readonly position: number
  /** Of a file that is this blob alone: made here, with these permissions. Others are there already. */
  readonly permissions?: number | undefined
}

/** A blob and everywhere it goes. */
export interface PlacedBlob {
  readonly blob: PackedBlob
  readonly files: readonly PlacedFile[]
}

/** Sealed bytes of a pack from `start` on, and the blobs to take out of them. */
export interface Stretch {
  readonly bytes: Uint8Array
  readonly start: number
  readonly blobs: readonly PlacedBlob[]
}

/** Writes blobs to where they go. */
export interface StretchPlacer {
  /** Opens blobs and writes them. Returns the places in `blobs` of those that are damaged here; nothing of them is written. */
  place(stretch: Stretch): number[]
  /** Writes one blob whose content is known. */
  write(files: readonly PlacedFile[], plain: Uint8Array): void
  close(): void
}

/** Files with more than one blob that are kept open at a time. */
const mostOpen = 64
/** Runs of zeros from this length on are left out: a hole in the file. */
const smallestHole = 4_096

/** Places blobs by synchronous calls, in whatever thread it is made. `open` authenticates and decompresses. */
export function createPlacer(disk: Disk, open: (blob: PackedBlob, sealed: Uint8Array) => Uint8Array): StretchPlacer {
  const handles = new Map<number, DiskFile>()

  function write(files: readonly PlacedFile[], plain: Uint8Array): void {
    const isHole = plain.length >= smallestHole && isZero(plain)
    for (const { file, path, position, permissions } of files) {
      if (permissions === undefined) {
        if (!isHole) handleOf(file, path).writeSync(plain, position)
        continue
      }
      const handle = disk.openSync(path, 'create-new', { permissions })
      try {
        if (isHole) handle.truncateSync(plain.length)
        else handle.writeSync(plain, 0)
      } finally {
        handle.closeSync()
      }
    }
  }

  function handleOf(file: number, path: DiskPath): DiskFile {
    let handle = handles.get(file)
    if (handle !== undefined) return handle
    handle = disk.openSync(path, 'update')
    if (handles.size >= mostOpen) {
      const [oldest, other] = handles.entries().next().value!
      handles.delete(oldest)
      other.closeSync()
    }
    handles.set(file, handle)
    return handle
  }

  return {
    write,
    place({ bytes, start, blobs }) {
      const damaged: number[] = []
      for (const [index, { blob, files }] of blobs.entries()) {
        const plain = openOrDamaged(blob, bytes.subarray(blob.offset - start, blob.offset - start + blob.length))
        if (plain === undefined) damaged.push(index)
        else write(files, plain)
      }
      return damaged
    },
    close() {
      for (const handle of handles.values()) handle.closeSync()
      handles.clear()
    },
  }

  function openOrDamaged(blob: PackedBlob, sealed: Uint8Array): Uint8Array | undefined {
    try {
      return open(blob, sealed)
    } catch (error) {
      if (!ExprsnError.is(error) || error.code !== 'BACKUP_BLOB_CORRUPT') throw error
      return undefined
    }
  }
}

const zeros = new Uint8Array(64 * 1_024)

function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length)
    if (Buffer.compare(part, zeros.subarray(0, part.length)) !== 0) return false
  }
  return true
}
