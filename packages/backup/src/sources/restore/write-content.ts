import { ExprsnError } from '@exprsn/core'
import type { Disk, DiskFile, DiskPath } from '@exprsn/core/disk'
import type { BlobReader } from '../../repository/index.ts'
import { planReads, type PackRead, type WantedBlob } from './pack-reads.ts'
import { creationMode } from './apply-metadata.ts'
import type { PlannedEntry } from './plan-restore.ts'

/** What {@link writeContent} works with. */
export interface WriteContentOptions {
  readonly disk: Disk
  readonly reader: BlobReader
  /** Called when a file has all its content and is closed. */
  readonly onFile: (entry: PlannedEntry) => Promise<void>
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/** Files with more than one blob that are kept open at a time. */
const openFiles = 64
/** Runs of zeros from this length on are left out: a hole in the file. */
const smallestHole = 4_096

/**
 * Writes the content of files pack by pack: each is read once, from its first wanted byte to its last, while the one before
 * is opened and written. What is written was authenticated and has the hash it should have.
 */
export async function writeContent(
  files: readonly PlannedEntry[],
  { disk, reader, onFile, onBytes, signal }: WriteContentOptions,
): Promise<void> {
  await reader.ready()
  const missing = files.map(({ node }) => node.content?.length ?? 0)
  const started = new Uint8Array(files.length)
  const open = new Map<number, DiskFile>()

  try {
    for (const [index, entry] of files.entries()) {
      if (missing[index] !== 0) continue
      disk.openSync(entry.path, 'create-new', { permissions: creationMode(entry.node) }).closeSync()
      await onFile(entry)
    }
    const reads = planReads(
      reader,
      files.map(({ node }) => ({ content: node.content ?? [] })),
    )
    let ahead = fetch(reads[0])
    for (const [index, read] of reads.entries()) {
      const bytes = await ahead
      ahead = fetch(reads[index + 1])
      signal?.throwIfAborted()
      for (const wanted of read.blobs) await place(wanted, await plainOf(read, wanted, bytes!))
    }
  } finally {
    for (const file of open.values()) file.closeSync()
  }

  /** The next stretch, read while this one is written; a failure is thrown when its turn comes. */
  function fetch(read: PackRead | undefined): Promise<Uint8Array | undefined> {
    if (read === undefined) return Promise.resolve(undefined)
    const bytes = reader.readPack(read.pack, read, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      if (!ExprsnError.is(error)) throw error
      // A pack may have moved or be damaged: blob by blob the reader finds another copy where there is one.
      return undefined
    })
    bytes.catch(() => {})
    return bytes
  }

  async function plainOf(read: PackRead, { blob }: WantedBlob, bytes: Uint8Array | undefined): Promise<Uint8Array> {
    if (bytes !== undefined) {
      const at = blob.offset - read.start
      try {
        return reader.open(blob, bytes.subarray(at, at + blob.length))
      } catch (error) {
        if (!ExprsnError.is(error) || error.code !== 'BACKUP_BLOB_CORRUPT') throw error
      }
    }
    return reader.read('data', blob.id, { signal })
  }

  async function place({ targets }: WantedBlob, plain: Uint8Array): Promise<void> {
    const isHole = plain.length >= smallestHole && isZero(plain)
    for (const { file, position } of targets) {
      const entry = files[file]!
      const handle = handleOf(file, entry.path)
      missing[file]!--
      if (!isHole) handle.writeSync(plain, position)
      onBytes(plain.length)
      if (missing[file] !== 0) continue
      if (isHole || entry.node.content!.length > 1) extend(handle, entry.node.size ?? 0)
      open.delete(file)
      handle.closeSync()
      await onFile(entry)
    }
  }

  function handleOf(file: number, path: DiskPath): DiskFile {
    let handle = open.get(file)
    if (handle !== undefined) return handle
    handle = disk.openSync(path, started[file] === 0 ? 'create-new' : 'update', {
      permissions: creationMode(files[file]!.node),
    })
    started[file] = 1
    if (open.size >= openFiles) {
      const [oldest, other] = open.entries().next().value!
      open.delete(oldest)
      other.closeSync()
    }
    open.set(file, handle)
    return handle
  }
}

/** A file that ends in a hole has its length from here: its last blob may have come before others. */
function extend(handle: DiskFile, size: number): void {
  if (handle.statSync().size < size) handle.truncateSync(size)
}

const zeros = new Uint8Array(64 * 1_024)

function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length)
    if (Buffer.compare(part, zeros.subarray(0, part.length)) !== 0) return false
  }
  return true
}
