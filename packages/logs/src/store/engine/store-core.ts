import type { Clock, Logger } from '@exprsn/core'
import { exists, isDiskError, parentPath, type Disk, type DiskLock } from '@exprsn/core/disk'
import type { LogRecord } from '../../record/log-record.ts'
import { storeErrors } from '../errors.ts'
import type { HandedLine, HandOver } from '../files/hand-over.ts'
import type { Manifest, SegmentEntry } from '../files/manifest.ts'
import { forEachLine, type PackedLines } from '../files/packed-lines.ts'
import type { SegmentFiles } from '../files/segment-files.ts'
import { SpareBuffer } from '../files/spare-buffer.ts'
import { readWal, walFiles, WriteAheadLog } from '../files/write-ahead-log.ts'
import { Pacer } from '../pacer.ts'
import type { SearchTarget } from '../query/run-query.ts'
import { summaryOf } from '../segment/segment-builder.ts'
import { HandedLines } from './handed-lines.ts'
import { Mutex } from './mutex.ts'
import type { MadeSegment } from './rewrite.ts'
import { SegmentCatalog } from './segment-catalog.ts'
import { StoreHead } from './store-head.ts'
import type { StoreTails } from './tail/store-tails.ts'

/** What a {@link StoreCore} works with. */
export interface StoreCoreParts {
  readonly files: SegmentFiles
  /** Where the log, the lock and a folder of segments are; undefined without a folder. */
  readonly path: string | undefined
  /** Where processes that do not write leave their lines; undefined without a folder. */
  readonly handOver: HandOver | undefined
  readonly tails: StoreTails
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
}

/** What is there at one moment, for a query; the segments stay readable until it is released. */
export interface Snapshot {
  readonly targets: readonly SearchTarget[]
  release(): void
}

interface PendingAppend {
  readonly lines: PackedLines
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Segments, the lines on their way to one, and the log of these. Everything that changes the store has its turn one after
 * the other.
 */
export class StoreCore {
  readonly tails: StoreTails
  readonly turns: Mutex = new Mutex()
  readonly catalog: SegmentCatalog
  /** For lines on their way to {@link append}. */
  readonly spare: SpareBuffer = new SpareBuffer()
  readonly #parts: StoreCoreParts
  readonly #handed: HandedLines | undefined
  readonly #head: StoreHead
  #wal: WriteAheadLog | undefined
  #lock: DiskLock | undefined
  #isOpen = false
  #isWriter = false
  #pending: PendingAppend[] = []

  constructor(parts: StoreCoreParts) {
    this.#parts = parts
    this.tails = parts.tails
    const { files, handOver, clock, logger } = parts
    this.#handed = handOver === undefined ? undefined : new HandedLines(handOver, logger)
    this.#head = new StoreHead(parts.tails, clock)
    this.catalog = new SegmentCatalog({ files, head: this.#head, handed: this.#handed, clock, logger })
  }

  /** Whether this process may change the store. */
  get isWriter(): boolean {
    return this.#isWriter
  }

  /** Lines in memory. */
  get headRows(): number {
    return this.#head.rows
  }

  get manifest(): Manifest {
    return this.catalog.manifest
  }

  /** Opens the store, as its writer where nobody else is; asked again, tries again to become that. Has its own turn. */
  async open(): Promise<void> {
    if (this.#isWriter) return
    const { path, disk } = this.#parts
    if (path !== undefined) {
      await this.#makeFolders(path)
      this.#lock = await disk.lock(`${path}/writer.lock`)
    }
    this.#isWriter = path === undefined || this.#lock !== undefined
    try {
      if (this.#isWriter) await this.#recover()
      else await this.catalog.read()
    } catch (error) {
      this.#isWriter = false
      await this.#unlock()
      throw error
    }
    this.#isOpen = true
  }

  /** What is there now, the newest first. Whoever does not write looks what the writer has done meanwhile. */
  async snapshot(order: 'newest' | 'oldest'): Promise<Snapshot> {
    if (!this.#isOpen) await this.turns.run(() => this.open())
    if (!this.#isWriter) await this.catalog.read()
    const release = this.catalog.retain()
    const targets: SearchTarget[] = this.manifest.segments.map((entry) => ({
      ...entry,
      open: () => (this.#isWriter ? this.catalog.openOwn(entry.name) : this.catalog.open(entry.name)),
    }))
    if (this.#head.rows > 0) {
      const view = this.#head.view()
      targets.push({ name: view.name, ...summaryOf(view.blocks), open: async () => view })
    }
    targets.sort((first, second) =>
      order === 'newest' ? second.maxTime - first.maxTime : first.minTime - second.minTime,
    )
    return { targets, release }
  }

  /** Calls with a snapshot, and with another one where the writer has replaced segments meanwhile: it has the same lines. */
  async withSnapshot<Result>(
    order: 'newest' | 'oldest',
    use: (snapshot: Snapshot) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      const snapshot = await this.snapshot(order)
      try {
        return await use(snapshot)
      } catch (error) {
        if (this.#isWriter || attempt > 3 || !isDiskError(error, 'CORE_DISK_NOT_FOUND')) throw error
      } finally {
        snapshot.release()
      }
    }
  }

  /** Adds lines, durably where there is a log. Those who wait together share one sync. */
  append(lines: PackedLines): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ lines, resolve, reject })
      if (this.#pending.length === 1) void this.turns.run(() => this.#appendPending()).catch(() => {})
    })
  }

  /**
   * Adds lines of a spool, which keeps them until they are in a segment; lines that it gave before are passed over. Whoever
   * does not write hands them over, durably. In turn.
   */
  async take(records: readonly LogRecord[]): Promise<void> {
    if (!this.#isWriter) return this.#handOver().write(records)
    if (this.#head.isFull) await this.seal()
    await this.#head.take(records)
  }

  /** Sequence of the first line of a source that would be lost if the process ended now. In turn. */
  async positionOf(source: string): Promise<number> {
    if (!this.#isWriter) return this.#handOver().positionOf(source, () => this.catalog.readSettled())
    // Who gave lines of this source before may have handed them over: they come before what is given now.
    await this.adopt()
    return this.manifest.places[source] ?? 1
  }

  /** Adds what others have handed over: it stays where it is until it is in a segment. In turn. */
  async adopt(): Promise<void> {
    if (!this.#isWriter || this.#handed === undefined) return
    for (const name of await this.#handed.waiting(this.manifest.handedOver)) {
      if (this.#head.isFull) await this.seal()
      this.#head.adopt(await this.#handed.read(name))
      this.#handed.adopted.add(name)
    }
  }

  /** Makes a segment of the lines in memory and forgets their log. Has to be called in turn. */
  async seal(): Promise<void> {
    await this.#wal?.rotate()
    // Without lines in memory, files of the log hold only what nobody was told to be there.
    if (this.#head.rows === 0) return this.#wal?.removeBefore(this.#wal.next)
    await this.catalog.seal(this.#wal?.next)
    await this.#wal?.removeBefore(this.manifest.walFrom)
    await this.#handed?.forget(this.manifest.handedOver ?? [])
  }

  /** Puts segments in the place of others. In turn. */
  async rewrite(gone: readonly SegmentEntry[], segments: AsyncIterable<MadeSegment>): Promise<readonly SegmentEntry[]> {
    if (!this.#isWriter) throw this.#readOnly()
    return this.catalog.rewrite(gone, segments)
  }

  /** Seals what is in memory, frees the lock and closes files. In turn. */
  async close(): Promise<void> {
    this.tails.close()
    try {
      if (this.#isWriter) {
        await this.adopt()
        await this.seal()
      }
    } finally {
      await this.#wal?.rotate().catch(() => {})
      await this.catalog.close()
      await this.#unlock()
      this.#isWriter = false
    }
  }

  /** The names of new folders have to be durable before anything is in them; a manifest shows that they are. */
  async #makeFolders(path: string): Promise<void> {
    const { disk } = this.#parts
    if ((await exists(disk, `${path}/manifest.json`)) && (await exists(disk, `${path}/handover`))) return
    for (const folder of ['segments', 'wal', 'handover']) await disk.makeFolder(`${path}/${folder}`)
    await disk.fsyncFolder(path)
    await disk.fsyncFolder(parentPath(path))
  }

  /** Removes leftovers, reads the log, and takes what was handed over. */
  async #recover(): Promise<void> {
    const { path, disk, logger, handOver, clock } = this.#parts
    const manifest = await this.catalog.recover()
    this.#head.begin(manifest)
    if (path === undefined) return
    const folder = `${path}/wal`
    const pacer = new Pacer(clock)
    const numbers = await walFiles(disk, folder)
    for (const number of numbers) {
      if (number < manifest.walFrom) continue
      const damage = await readWal(disk, folder, number, (batch) => this.#head.restore(batch, pacer))
      if (damage !== undefined)
        logger.warn({ err: storeErrors.LOGS_STORE_WAL_DAMAGED({ ...damage }) }, 'The end of a log could not be read.')
    }
    this.#wal = new WriteAheadLog(disk, folder, Math.max(manifest.walFrom, (numbers.at(-1) ?? 0) + 1))
    await this.#wal.removeBefore(manifest.walFrom)
    await handOver?.clean(clock)
    this.#handed?.begin()
    await this.#handed?.forget(manifest.handedOver ?? [])
    await this.adopt()
  }

  async #appendPending(): Promise<void> {
    const pending = this.#pending
    this.#pending = []
    try {
      await this.open()
      const time = this.#parts.clock.now()
      if (this.#isWriter) await this.#appendHere(pending, time)
      else await this.#handOver().append(pending.flatMap(({ lines }) => handedLines(lines, time)))
      for (const { resolve } of pending) resolve()
    } catch (error) {
      for (const { reject } of pending) reject(error)
    }
  }

  async #appendHere(pending: readonly PendingAppend[], time: number): Promise<void> {
    if (this.#head.isFull) await this.seal()
    const batches = pending.map(({ lines }) => {
      const sequence = this.#head.nextSequence
      this.#head.nextSequence += lines.count
      return { sequence, time, lines }
    })
    await this.#wal?.write(batches)
    await this.#head.append(batches)
    for (const { lines } of pending) this.spare.give(lines.memory)
  }

  #handOver(): HandedLines {
    if (this.#handed === undefined) throw this.#readOnly()
    return this.#handed
  }

  #readOnly() {
    return storeErrors.LOGS_STORE_READ_ONLY({ path: this.#parts.files.path })
  }

  async #unlock(): Promise<void> {
    await this.#lock?.release()
    this.#lock = undefined
  }
}

function handedLines(lines: PackedLines, time: number): HandedLine[] {
  const handed: HandedLine[] = []
  forEachLine(lines, (start, end) => handed.push({ bytes: lines.bytes.subarray(start, end), time }))
  return handed
}
