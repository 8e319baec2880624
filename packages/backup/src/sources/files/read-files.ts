import type { Random } from '@exprsn/core'
import { isDiskError, type Disk, type DiskFile } from '@exprsn/core/disk'
import { hash } from 'node:crypto'
import { gearChunker, looksIncompressible, rabinChunker, type Chunker } from '../../chunking/index.ts'
import { createCompressor } from '../../repository/object/compression.ts'
import { PackBuilder } from '../../repository/pack/pack-builder.ts'
import type { AssembledPack, ContentId, PackSettings } from '../../repository/index.ts'
import type { FileJob, FileOutcome } from './file-job.ts'
import { IdList } from './id-list.ts'
import type { SharedIdSet } from './shared-id-set.ts'

/** What {@link createFileReader} needs; all of it but disk and random goes through to worker threads. */
export interface FileReaderOptions {
  readonly disk: Disk
  readonly random: Random
  readonly settings: PackSettings
  readonly known: SharedIdSet
  readonly chunker: 'gear' | 'rabin'
}

/** Reads files into packs. */
export interface FileReader {
  /** Reads files one after the other, handing out each pack as soon as it is full. */
  read(jobs: readonly FileJob[]): Generator<AssembledPack, FileOutcome[], void>
  /** The pack that was begun, if any. */
  finish(): AssembledPack | undefined
  /** Takes the memory of a pack back: new memory for each would cost time, and leave holes behind. */
  recycle(memory: ArrayBuffer): void
}

const readSize = 1_024 * 1_024

/** Reads, cuts, hashes, compresses and seals; synchronous calls throughout, for a thread of its own. */
export function createFileReader({ disk, random, settings, known, chunker: kind }: FileReaderOptions): FileReader {
  const { key, packSize, compression, chunkerPolynomial: polynomial } = settings
  const chunker: Chunker = kind === 'rabin' ? rabinChunker({ polynomial }) : gearChunker({ seed: polynomial })
  const window = new Uint8Array(chunker.maxSize + readSize)
  const compress = createCompressor(compression)
  const spare: ArrayBuffer[] = []
  /** Begun with the first blob: by then the memory of the pack before the last one may have come back. */
  let builder: PackBuilder | undefined

  /** The last blob goes over the size at which a pack is closed, seldom by much. */
  function newBuilder(): PackBuilder {
    return new PackBuilder(packSize + Math.min(packSize, readSize), spare.pop())
  }

  function* read(jobs: readonly FileJob[]): Generator<AssembledPack, FileOutcome[], void> {
    const outcomes: FileOutcome[] = []
    for (const job of jobs) outcomes.push(yield* readFile(job))
    return outcomes
  }

  function* readFile(job: FileJob): Generator<AssembledPack, FileOutcome, void> {
    let file: DiskFile | undefined
    try {
      file = disk.openSync(job.path, 'read', { noFollow: true })
      // Since its folder was read the name may have become another file's, or a FIFO: perhaps with the same inode number,
      // which is free again as soon as the file is gone.
      const opened = file.statSync()
      if (opened.kind !== 'file' || opened.inode !== job.stat.inode || opened.device !== job.stat.device)
        return { status: 'unreadable', detail: 'it was replaced while it was opened' }
      const content = new IdList()
      const bytes = yield* readContent(file, opened.size, content)
      const { size, modifiedAt, changedAt } = file.statSync()
      const { stat } = job
      const changed = size !== bytes || modifiedAt !== stat.modifiedAt || changedAt !== stat.changedAt
      return { status: 'read', content: content.finish(), bytes, changed }
    } catch (error) {
      if (!isDiskError(error)) throw error
      return { status: isDiskError(error, 'CORE_DISK_NOT_FOUND') ? 'vanished' : 'unreadable', detail: error.message }
    } finally {
      file?.closeSync()
    }
  }

  /** The bytes that were read. The window begins with the start of a chunk, so that the chunker sees all of it. */
  function* readContent(file: DiskFile, size: number, content: IdList): Generator<AssembledPack, number, void> {
    let position = 0
    let start = 0
    let end = 0
    for (;;) {
      if (end + readSize > window.length) {
        window.copyWithin(0, start, end)
        end -= start
        start = 0
      }
      // One byte more than the file should have: the end is then seen without another call.
      const wanted = Math.min(readSize, Math.max(1, size - position + 1))
      const length = file.readSync(window.subarray(end, end + wanted), position)
      end += length
      position += length
      for (let cut = chunker.cut(window.subarray(start, end)); cut > 0;) {
        content.append(yield* store(window.subarray(start, start + cut)))
        start += cut
        cut = chunker.cut(window.subarray(start, end))
      }
      if (length === wanted) continue
      chunker.reset()
      if (end > start) content.append(yield* store(window.subarray(start, end)))
      return position
    }
  }

  function* store(plain: Uint8Array): Generator<AssembledPack, ContentId, void> {
    const id = hash('sha256', plain)
    if (!known.add(id)) return id
    const packed = looksIncompressible(plain) ? undefined : compress(plain)
    const content = packed ?? plain
    // A large blob goes into the next pack rather than let this one grow, which would take twice its memory.
    if (builder?.fits(content.length) === false) yield finish()!
    builder ??= newBuilder()
    builder.seal({ type: 'data', id, content, uncompressedLength: packed && plain.length }, key, random)
    if (builder.size >= packSize) yield finish()!
    return id
  }

  function finish(): AssembledPack | undefined {
    const full = builder
    builder = undefined
    return full?.finish(key, random)
  }

  return { read, finish, recycle: (memory) => void spare.push(memory) }
}
