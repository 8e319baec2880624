import { ExprsnError } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import type { BlobReader } from '../../repository/index.ts'
import { creationMode } from './apply-metadata.ts'
import { planReads, type PackRead, type WantedBlob } from './pack-reads.ts'
import { createPlacer, type PlacedFile } from './place-stretch.ts'
import { inlinePlacing, type PlacingThread } from './placing-thread.ts'
import type { PlannedEntry } from './plan-restore.ts'

/** What {@link writeContent} works with. */
export interface WriteContentOptions {
  readonly disk: Disk
  readonly reader: BlobReader
  /** Threads that open blobs and write files, given the number that are of use; none: it is done here. */
  readonly startThreads: (useful: number) => Promise<readonly PlacingThread[]>
  /** Called when a file has all its content and is closed. */
  readonly onFile: (entry: PlannedEntry) => Promise<void>
  readonly onBytes: (bytes: number) => void
  readonly signal: AbortSignal | undefined
}

/** Stretches that a thread has been given and not finished: one in work, one waiting. */
const perThread = 2

/**
 * Writes the content of files pack by pack: each is read once, from its first wanted byte to its last, while those before
 * are opened and written. What is written was authenticated and has the hash it should have.
 */
export async function writeContent(files: readonly PlannedEntry[], options: WriteContentOptions): Promise<void> {
  const { disk, reader, onFile, onBytes, signal } = options
  await reader.ready()
  const missing = files.map(({ node }) => node.content?.length ?? 0)
  const inline = createPlacer(disk, (blob, sealed) => reader.open(blob, sealed))
  for (const [index, entry] of files.entries()) {
    if (missing[index] === 1) continue
    disk.openSync(entry.path, 'create-new', { permissions: creationMode(entry.node) }).closeSync()
    if (missing[index] === 0) await onFile(entry)
  }
  const reads = planReads(
    reader,
    files.map(({ node }) => ({ content: node.content ?? [] })),
  )
  const started = await options.startThreads(Math.floor(reads.length / perThread))
  const threads = started.length > 0 ? started : [inlinePlacing(inline)]
  const next = reads.values()
  let failure: { readonly error: unknown } | undefined
  try {
    await Promise.all(threads.flatMap((thread) => Array.from({ length: perThread }, () => work(thread))))
  } finally {
    await Promise.all(threads.map((thread) => thread.close()))
    inline.close()
  }
  if (failure !== undefined) throw failure.error

  /** Takes one stretch after another until there is none, or something has failed: then all stop. */
  async function work(thread: PlacingThread): Promise<void> {
    try {
      for (const read of next) {
        if (failure !== undefined) return
        signal?.throwIfAborted()
        await restoreStretch(read, thread)
      }
    } catch (error) {
      failure ??= { error }
    }
  }

  async function restoreStretch(read: PackRead, thread: PlacingThread): Promise<void> {
    const bytes = await fetch(read)
    const blobs = read.blobs.map(({ blob, targets }) => ({ blob, files: targets.map(placeOf) }))
    const damaged = bytes === undefined ? blobs.keys() : await thread.place({ bytes, start: read.start, blobs })
    for (const index of damaged) {
      const { blob, files: places } = blobs[index]!
      inline.write(places, await reader.read('data', blob.id, { signal }))
    }
    for (const wanted of read.blobs) await account(wanted)
  }

  /** Undefined when it cannot be read: a pack may have moved or be damaged, and the reader finds another copy of a blob. */
  async function fetch(read: PackRead): Promise<Uint8Array | undefined> {
    try {
      return await reader.readPack(read.pack, read, { signal })
    } catch (error) {
      signal?.throwIfAborted()
      if (!ExprsnError.is(error)) throw error
      return undefined
    }
  }

  function placeOf({ file, position }: WantedBlob['targets'][number]): PlacedFile {
    const { path, node } = files[file]!
    const isWhole = node.content!.length === 1
    return { file, path, position, ...(isWhole && { permissions: creationMode(node) }) }
  }

  async function account({ blob, targets }: WantedBlob): Promise<void> {
    const length = blob.uncompressedLength ?? blob.length - 32
    for (const { file } of targets) {
      onBytes(length)
      missing[file]!--
      if (missing[file] !== 0) continue
      const entry = files[file]!
      if (entry.node.content!.length > 1) extend(disk, entry)
      await onFile(entry)
    }
  }
}

/** A file that ends in a hole has its length from here: its last blob may have come before others. */
function extend(disk: Disk, { path, node }: PlannedEntry): void {
  if (disk.statSync(path).size >= (node.size ?? 0)) return
  const handle = disk.openSync(path, 'update')
  try {
    handle.truncateSync(node.size!)
  } finally {
    handle.closeSync()
  }
}
