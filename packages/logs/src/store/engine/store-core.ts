import { exists, isDiskError, parentPath, type Disk, type DiskLock } from '@exprsn/core/disk'
import type { Clock, Logger } from '@exprsn/core'
import type { LogRecord } from '../../record/log-record.ts'
import { storeErrors } from '../errors.ts'
import { emptyManifest, type Manifest, type SegmentEntry } from '../files/manifest.ts'
import type { KnownManifest, SegmentFiles } from '../files/segment-files.ts'
import { readWal, walFiles, WriteAheadLog } from '../files/write-ahead-log.ts'
import type { SearchTarget } from '../query/run-query.ts'
import { HeadView } from '../segment/head-view.ts'
import { SegmentBuilder, summaryOf } from '../segment/segment-builder.ts'
import { Mutex } from './mutex.ts'
import { SegmentSet } from './segment-set.ts'
import { TailHub, type ArrivedLine } from './tail-hub.ts'

/** What a {@link StoreCore} works with. */
export interface StoreCoreParts {
  readonly files: SegmentFiles
  /** Where the log, the lock and a folder of segments are; undefined without a folder. */
  readonly path: string | undefined
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
  readonly lines: readonly Uint8Array[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const newline = 0x0a

/**
 * Segments, the lines on their way to one, and the log of these. Everything that changes the store has its turn one after
 * the other; a change happens when the manifest is replaced, and files that no manifest names are leftovers.
 */
export class StoreCore {
  readonly tails: TailHub = new TailHub()
  readonly turns: Mutex = new Mutex()
  readonly #parts: StoreCoreParts
  readonly #set: SegmentSet
  #known: KnownManifest = { manifest: emptyManifest, tag: undefined }
  #head = new SegmentBuilder()
  #headView: { readonly rows: number; readonly view: HeadView } | undefined
  #nextSequence = 1
  #nextSegment = 1
  /** Files of segments that no manifest names, or not for certain. */
  readonly #leftovers = new Set<string>()
  /** A manifest that may be there or not. */
  #attempted: Manifest | undefined
  /** Per source, the sequence of the next line that was not taken. */
  #taken = new Map<string, number>()
  #wal: WriteAheadLog | undefined
  #lock: DiskLock | undefined
  #isOpen = false
  #isWriter = false
  #pending: PendingAppend[] = []

  constructor(parts: StoreCoreParts) {
    this.#parts = parts
    this.#set = new SegmentSet(parts.files)
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
    return this.#known.manifest
  }

  /** Opens the store, as its writer where nobody else is; asked again, tries again to become that. Has its own turn. */
  async open(): Promise<void> {
    if (this.#isWriter) return
    const { path, disk, files } = this.#parts
    if (path !== undefined) {
      await this.#makeFolders(path)
      this.#lock = await disk.lock(`${path}/writer.lock`)
    }
    this.#isWriter = path === undefined || this.#lock !== undefined
    try {
      this.#known = await files.readManifest()
      if (this.#isWriter) await this.#recover()
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
    if (!this.#isWriter) {
      this.#known = await this.#parts.files.readManifest()
      this.#set.keepOnly(new Set(this.#known.manifest.segments.map(({ name }) => name)))
    }
    const { segments } = this.manifest
    const release = this.#set.retain(segments.map(({ name }) => name))
    const targets: SearchTarget[] = segments.map((entry) => ({ ...entry, open: () => this.#set.get(entry.name) }))
    if (this.#head.rows > 0) {
      const view = this.#viewOfHead()
      targets.push({ name: view.name, ...summaryOf(view.blocks), open: async () => view })
    }
    targets.sort((first, second) =>
      order === 'newest' ? second.maxTime - first.maxTime : first.minTime - second.minTime,
    )
    return { targets, release }
  }

  /** Adds lines, durably where there is a log. Those who wait together share one sync. */
  append(lines: readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ lines: lines.map(withoutNewline), resolve, reject })
      if (this.#pending.length === 1) void this.turns.run(() => this.#appendPending()).catch(() => {})
    })
  }

  /** Adds lines of a spool, which keeps them until they are in a segment; lines that it gave before are passed over. */
  async take(records: readonly LogRecord[]): Promise<void> {
    this.#mustWrite()
    if (this.#head.isFull) await this.seal()
    const arrived: ArrivedLine[] = []
    for (const record of records) {
      const { source, sequence } = placeOf(record.id)
      if (sequence < (this.#taken.get(source) ?? 1)) continue
      this.#add(record.bytes, () => record.time, arrived)
      this.#taken.set(source, sequence + 1)
    }
    this.tails.publish(arrived)
  }

  /** Makes a segment of the lines in memory and forgets their log. Has to be called in turn. */
  async seal(): Promise<void> {
    const head = this.#head
    await this.#wal?.rotate()
    // Without lines in memory, files of the log hold only what nobody was told to be there.
    if (head.rows === 0) return this.#wal?.removeBefore(this.#wal.next)
    const entry = await this.#write(head)
    await this.replace([], [entry], { walFrom: this.#wal?.next ?? this.manifest.walFrom })
    this.#head = new SegmentBuilder(head.modes)
    this.#headView = undefined
    await this.#wal?.removeBefore(this.manifest.walFrom)
  }

  /** Puts segments in the place of others: first the new files, then the manifest, then the old files go. In turn. */
  async rewrite(
    gone: readonly SegmentEntry[],
    builders: AsyncIterable<SegmentBuilder>,
  ): Promise<readonly SegmentEntry[]> {
    this.#mustWrite()
    const made: SegmentEntry[] = []
    for await (const builder of builders) made.push(await this.#write(builder))
    await this.replace(gone, made, {})
    return made
  }

  /** Replaces the manifest; the files of the segments that are gone go with it. In turn. */
  async replace(
    gone: readonly SegmentEntry[],
    made: readonly SegmentEntry[],
    { walFrom }: { readonly walFrom?: number | undefined },
  ): Promise<void> {
    const { manifest } = this.#known
    const names = new Set(gone.map(({ name }) => name))
    // Lines that are only in memory are in no segment yet: their places change when they are sealed.
    const places = walFrom === undefined ? manifest.places : Object.fromEntries(this.#taken)
    const next: Manifest = {
      version: 1,
      generation: manifest.generation + 1,
      segments: [...manifest.segments.filter(({ name }) => !names.has(name)), ...made],
      nextSequence: this.#nextSequence,
      nextSegment: this.#nextSegment,
      walFrom: walFrom ?? manifest.walFrom,
      places,
    }
    await this.#commit(next)
    const kept = new Set(next.segments.map(({ name }) => name))
    this.#set.keepOnly(kept)
    for (const { name } of gone) this.#leftovers.add(name)
    for (const name of kept) this.#leftovers.delete(name)
    for (const name of this.#leftovers)
      try {
        await this.#parts.files.remove(name)
        this.#leftovers.delete(name)
      } catch (error) {
        // Tried again after the next change, or by the next opening: the manifest does not name it any more.
        this.#parts.logger.warn({ err: error, segment: name }, 'A segment that is not needed any more was not removed.')
      }
  }

  /**
   * Replaces the manifest. Where that fails, nobody knows which of the two is there: either is right for the files that
   * exist, because no name is used twice and nothing is removed before a later manifest is there for certain.
   */
  async #commit(next: Manifest): Promise<void> {
    const { files } = this.#parts
    let { tag } = this.#known
    if (this.#attempted !== undefined) {
      const current = await files.readManifest()
      if (JSON.stringify(current.manifest) === JSON.stringify(this.#attempted)) tag = current.tag
    }
    this.#attempted = next
    this.#known = await files.writeManifest(next, tag)
    this.#attempted = undefined
  }

  /** Seals what is in memory, frees the lock and closes files. In turn. */
  async close(): Promise<void> {
    this.tails.close()
    try {
      if (this.#isWriter) await this.seal()
    } finally {
      await this.#wal?.rotate().catch(() => {})
      await this.#set.close()
      await this.#unlock()
      this.#isWriter = false
    }
  }

  /** The names of new folders have to be durable before anything is in them; a manifest shows that they are. */
  async #makeFolders(path: string): Promise<void> {
    const { disk } = this.#parts
    if (await exists(disk, `${path}/manifest.json`)) return
    await disk.makeFolder(`${path}/segments`)
    await disk.makeFolder(`${path}/wal`)
    await disk.fsyncFolder(path)
    await disk.fsyncFolder(parentPath(path))
  }

  /** Removes leftovers and reads the log. */
  async #recover(): Promise<void> {
    const { files, path, disk, logger } = this.#parts
    const { manifest } = this.#known
    const named = new Set(manifest.segments.map(({ name }) => name))
    for (const name of await files.list()) if (!named.has(name)) await files.remove(name)
    this.#nextSequence = manifest.nextSequence
    this.#nextSegment = manifest.nextSegment
    this.#taken = new Map(Object.entries(manifest.places))
    this.#head = new SegmentBuilder()
    this.#headView = undefined
    if (path === undefined) return
    const folder = `${path}/wal`
    const numbers = await walFiles(disk, folder)
    for (const number of numbers) {
      if (number < manifest.walFrom) continue
      const damage = await readWal(disk, folder, number, ({ sequence, time, lines }) => {
        this.#nextSequence = Math.max(this.#nextSequence, sequence)
        for (const line of lines) this.#head.add(line, 0, line.length, this.#nextSequence++, time)
      })
      if (damage !== undefined)
        logger.warn({ err: storeErrors.LOGS_STORE_WAL_DAMAGED({ ...damage }) }, 'The end of a log could not be read.')
    }
    this.#wal = new WriteAheadLog(disk, folder, Math.max(manifest.walFrom, (numbers.at(-1) ?? 0) + 1))
    await this.#wal.removeBefore(manifest.walFrom)
  }

  async #appendPending(): Promise<void> {
    const pending = this.#pending
    this.#pending = []
    try {
      await this.open()
      this.#mustWrite()
      if (this.#head.isFull) await this.seal()
      const time = this.#parts.clock.now()
      const batches = pending.map(({ lines }) => {
        const sequence = this.#nextSequence
        this.#nextSequence += lines.length
        return { sequence, time, lines }
      })
      await this.#wal?.write(batches)
      const arrived: ArrivedLine[] = []
      for (const { sequence, lines } of batches)
        for (const [index, line] of lines.entries()) this.#add(line, time, arrived, sequence + index)
      this.tails.publish(arrived)
      for (const { resolve } of pending) resolve()
    } catch (error) {
      for (const { reject } of pending) reject(error)
    }
  }

  #add(
    bytes: Uint8Array,
    fallbackTime: number | (() => number),
    arrived: ArrivedLine[],
    sequence = this.#nextSequence++,
  ): void {
    const time = this.#head.add(bytes, 0, bytes.length, sequence, fallbackTime)
    if (this.tails.isNeeded) arrived.push({ bytes: Uint8Array.from(bytes), time, sequence })
  }

  async #write(builder: SegmentBuilder): Promise<SegmentEntry> {
    const name = `${String(this.#nextSegment++).padStart(10, '0')}.seg`
    this.#leftovers.add(name)
    let summary: ReturnType<typeof summaryOf> | undefined
    const pieces = (function* () {
      summary = yield* builder.finish()
    })()
    const bytes = await this.#parts.files.write(name, pieces)
    return { name, bytes, ...summary! }
  }

  #viewOfHead(): HeadView {
    const { rows } = this.#head
    if (this.#headView?.rows !== rows) this.#headView = { rows, view: new HeadView(this.#head) }
    return this.#headView.view
  }

  #mustWrite(): void {
    if (!this.#isWriter) throw storeErrors.LOGS_STORE_READ_ONLY({ path: this.#parts.files.path })
  }

  async #unlock(): Promise<void> {
    await this.#lock?.release()
    this.#lock = undefined
  }
}

function withoutNewline(line: Uint8Array): Uint8Array {
  return line.at(-1) === newline ? line.subarray(0, -1) : line
}

/** The part of a record's id before its last dash, and the number behind it. */
function placeOf(id: string): { readonly source: string; readonly sequence: number } {
  const dash = id.lastIndexOf('-')
  return { source: id.slice(0, Math.max(0, dash)), sequence: Number(id.slice(dash + 1)) }
}

/** Whether a reader came too late for a segment that the writer has replaced meanwhile. */
export function isGone(error: unknown): boolean {
  return isDiskError(error, 'CORE_DISK_NOT_FOUND')
}
