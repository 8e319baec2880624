import type { Clock, Logger } from '@exprsn/core'
import { exists, isDiskError, parentPath, type Disk, type DiskLock } from '@exprsn/core/disk'
import type { LogRecord } from '../../record/log-record.ts'
import { storeErrors } from '../errors.ts'
import type { HandedLine, HandOver } from '../files/hand-over.ts'
import type { Manifest, SegmentEntry } from '../files/manifest.ts'
import { forEachLine, pacedLines, type PackedLines } from '../files/packed-lines.ts'
import type { OpenFile, SegmentFiles } from '../files/segment-files.ts'
import { readWal, walFiles, WriteAheadLog } from '../files/write-ahead-log.ts'
import type { SearchTarget } from '../query/run-query.ts'
import { HeadView } from '../segment/head-view.ts'
import type { SegmentOrigin } from '../segment/layout.ts'
import { salvageSegment, type OpenedSegment } from '../segment/open-segment.ts'
import { SegmentBuilder, summaryOf } from '../segment/segment-builder.ts'
import { HandedLines } from './handed-lines.ts'
import type { CompactionJob } from './compaction/compact-files.ts'
import { ManifestKeeper } from './manifest-keeper.ts'
import { Pacer } from '../pacer.ts'
import { Mutex } from './mutex.ts'
import { placeOf } from './place-of.ts'
import type { MadeSegment } from './rewrite.ts'
import { SegmentSet } from './segment-set.ts'
import { writeSegment } from './write-segment.ts'
import type { StoreTails } from './tail/store-tails.ts'
import { LineRun } from '../tail/line-run.ts'

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

/** Segments that a compaction may make. */
const mostParts = 64

/**
 * Segments, the lines on their way to one, and the log of these. Everything that changes the store has its turn one after
 * the other; a change happens when the manifest is replaced, and files that no manifest names are leftovers.
 */
export class StoreCore {
  readonly tails: StoreTails
  readonly turns: Mutex = new Mutex()
  readonly #parts: StoreCoreParts
  readonly #set: SegmentSet
  readonly #keeper: ManifestKeeper
  readonly #handed: HandedLines | undefined
  #head = new SegmentBuilder()
  #headView: { readonly rows: number; readonly view: HeadView } | undefined
  /** Segments of the lines in memory that may be there though they never became part of the store. */
  #sealed: readonly string[] = []
  #nextSequence = 1
  #nextSegment = 1
  /** Per source, the sequence of the next line that was not taken. */
  #taken = new Map<string, number>()
  #wal: WriteAheadLog | undefined
  #lock: DiskLock | undefined
  #isOpen = false
  #isWriter = false
  #pending: PendingAppend[] = []

  constructor(parts: StoreCoreParts) {
    this.#parts = parts
    this.tails = parts.tails
    this.#set = new SegmentSet(parts.files)
    this.#keeper = new ManifestKeeper(parts.files, parts.logger)
    this.#handed = parts.handOver === undefined ? undefined : new HandedLines(parts.handOver, parts.logger)
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
    return this.#keeper.manifest
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
      else await this.#keeper.read()
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
      const { segments } = await this.#keeper.read()
      this.#set.keepOnly(new Set(segments.map(({ name }) => name)))
    }
    const { segments } = this.manifest
    const release = this.#set.retain(segments.map(({ name }) => name))
    const targets: SearchTarget[] = segments.map((entry) => ({ ...entry, open: () => this.#openSegment(entry.name) }))
    if (this.#head.rows > 0) {
      const view = this.#viewOfHead()
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
    const arrived = new LineRun()
    const pacer = new Pacer(this.#parts.clock)
    for (const [index, record] of records.entries()) {
      if (index % 1_000 === 999) await pacer.pause()
      const { source, sequence } = placeOf(record.id)
      const { bytes } = record
      if (this.#isNew(source, sequence)) this.#add(bytes, 0, bytes.length, () => record.time, arrived)
    }
    this.tails.publish(arrived)
  }

  /** Sequence of the first line of a source that would be lost if the process ended now. In turn. */
  async positionOf(source: string): Promise<number> {
    if (!this.#isWriter) return this.#handOver().positionOf(source, () => this.#keeper.readSettled())
    // Who gave lines of this source before may have handed them over: they come before what is given now.
    await this.adopt()
    return this.manifest.places[source] ?? 1
  }

  /** Adds what others have handed over: it stays where it is until it is in a segment. In turn. */
  async adopt(): Promise<void> {
    if (!this.#isWriter || this.#handed === undefined) return
    for (const name of await this.#handed.waiting(this.manifest.handedOver)) {
      if (this.#head.isFull) await this.seal()
      const lines = await this.#handed.read(name)
      const arrived = new LineRun()
      for (const { bytes, time, source, sequence } of lines)
        if (source === undefined || this.#isNew(source, sequence!)) this.#add(bytes, 0, bytes.length, time, arrived)
      this.#handed.adopted.add(name)
      this.tails.publish(arrived)
    }
  }

  /** Makes a segment of the lines in memory and forgets their log. Has to be called in turn. */
  async seal(): Promise<void> {
    const head = this.#head
    await this.#wal?.rotate()
    // Without lines in memory, files of the log hold only what nobody was told to be there.
    if (head.rows === 0) return this.#wal?.removeBefore(this.#wal.next)
    const state: SegmentOrigin = {
      walFrom: this.#wal?.next ?? this.manifest.walFrom,
      places: Object.fromEntries(this.#taken),
      handedOver: [...this.#state().handedOver, ...(this.#handed?.adopted ?? [])],
    }
    const group = this.#nameOf(this.#nextSegment)
    const names = this.#sealed
    const replaces = names.length === 0 ? undefined : { names, group, part: 1, isLast: true }
    this.#sealed = [...names, group]
    const entry = await this.#write(head, { ...state, replaces })
    await this.#replace([], [entry], state)
    this.#head = new SegmentBuilder(head.modes)
    this.#headView = undefined
    this.#sealed = []
    await this.#wal?.removeBefore(this.manifest.walFrom)
    await this.#handed?.forget(state.handedOver)
  }

  /** Puts segments in the place of others: first the new files, then the manifest, then the old files go. In turn. */
  async rewrite(gone: readonly SegmentEntry[], segments: AsyncIterable<MadeSegment>): Promise<readonly SegmentEntry[]> {
    this.#mustWrite()
    const made: SegmentEntry[] = []
    const emptied = new Set(gone.map(({ name }) => name))
    let [group, part] = ['', 0]
    for await (const { builder, replaces: names, isLast } of segments) {
      for (const name of names) emptied.delete(name)
      if (part === 0) group = this.#nameOf(this.#nextSegment)
      made.push(await this.#write(builder, { ...this.#state(), replaces: { names, group, part: ++part, isLast } }))
      if (isLast) part = 0
    }
    if (emptied.size > 0) await this.#bury([...emptied])
    await this.#replace(gone, made, this.#state())
    return made
  }

  /** After it, what was deleted is in no file. In turn. @throws where a file could not be removed */
  async settleRemovals(): Promise<void> {
    await this.#keeper.settleRemovals()
  }

  /** Opens a segment, also one of which only the version is damaged. Whoever asks closes the file. */
  async salvage(name: string): Promise<{ readonly file: OpenFile; readonly segment: OpenedSegment }> {
    const file = await this.#parts.files.open(name)
    try {
      return { file, segment: await salvageSegment(file) }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** What a compaction needs, its names included: nobody else will use them. In turn. */
  planCompaction(small: readonly SegmentEntry[]): CompactionJob {
    const newNames = Array.from({ length: mostParts }, () => this.#nameOf(this.#nextSegment++))
    return { names: small.map(({ name }) => name), newNames, state: this.#state() }
  }

  /** Puts what was compacted in the place of what it was made of. In turn. */
  async commitCompaction(small: readonly SegmentEntry[], made: readonly SegmentEntry[]): Promise<void> {
    await this.#replace(small, made, this.#state())
  }

  /** Forgets a compaction that has failed: what it has written goes with the next change. In turn. */
  async abandonCompaction({ newNames }: CompactionJob): Promise<void> {
    for (const name of await this.#parts.files.list()) if (newNames.includes(name)) this.#keeper.begin(name)
  }

  /** Takes segments away. In turn. */
  async drop(gone: readonly SegmentEntry[]): Promise<void> {
    await this.#replace(gone, [], this.#state())
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
      await this.#set.close()
      await this.#unlock()
      this.#isWriter = false
    }
  }

  /** Replaces the manifest; the files of the segments that are gone go with it. */
  async #replace(
    gone: readonly SegmentEntry[],
    made: readonly SegmentEntry[],
    { walFrom, places, handedOver }: SegmentOrigin,
  ): Promise<void> {
    const { manifest } = this
    const names = new Set(gone.map(({ name }) => name))
    const next: Manifest = {
      version: 1,
      generation: manifest.generation + 1,
      segments: [...manifest.segments.filter(({ name }) => !names.has(name)), ...made],
      nextSequence: this.#nextSequence,
      nextSegment: this.#nextSegment,
      walFrom,
      places,
      handedOver,
    }
    await this.#keeper.commit(next)
    this.#set.keepOnly(new Set(next.segments.map(({ name }) => name)))
    await this.#keeper.removeUnneeded([...names])
  }

  /** Lines that are only in memory are in no segment yet: what is said of them changes when they are sealed. */
  #state(): SegmentOrigin {
    const { walFrom, places, handedOver = [] } = this.manifest
    return { walFrom, places, handedOver: this.#handed?.left(handedOver) ?? [] }
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
    const manifest = await this.#keeper.recover()
    this.#nextSequence = manifest.nextSequence
    this.#nextSegment = manifest.nextSegment
    this.#taken = new Map(Object.entries(manifest.places))
    this.#head = new SegmentBuilder()
    this.#headView = undefined
    this.#sealed = []
    if (path === undefined) return
    const folder = `${path}/wal`
    const pacer = new Pacer(clock)
    const numbers = await walFiles(disk, folder)
    for (const number of numbers) {
      if (number < manifest.walFrom) continue
      const damage = await readWal(disk, folder, number, async ({ sequence, time, lines }) => {
        this.#nextSequence = Math.max(this.#nextSequence, sequence)
        const { bytes } = lines
        await pacedLines(lines, pacer, (start, end) => this.#head.add(bytes, start, end, this.#nextSequence++, time))
      })
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
      const sequence = this.#nextSequence
      this.#nextSequence += lines.count
      return { sequence, time, lines }
    })
    await this.#wal?.write(batches)
    const arrived = new LineRun()
    const pacer = new Pacer(this.#parts.clock)
    for (const { sequence, lines } of batches) {
      const { bytes } = lines
      let next = sequence
      await pacedLines(lines, pacer, (start, end) => this.#add(bytes, start, end, time, arrived, next++))
    }
    this.tails.publish(arrived)
  }

  #add(
    bytes: Uint8Array,
    start: number,
    end: number,
    fallbackTime: number | (() => number),
    arrived: LineRun,
    sequence = this.#nextSequence++,
  ): void {
    const time = this.#head.add(bytes, start, end, sequence, fallbackTime)
    if (this.tails.isNeeded) arrived.add(bytes, start, end, time, sequence)
  }

  /** Whether a line of a source did not come before; from now on it did. */
  #isNew(source: string, sequence: number): boolean {
    if (sequence < (this.#taken.get(source) ?? 1)) return false
    this.#taken.set(source, sequence + 1)
    return true
  }

  /**
   * Says durably that segments are not needed any more that nothing takes the place of: without it they would be there again
   * if the manifest was lost before their files are gone.
   */
  async #bury(names: readonly string[]): Promise<void> {
    const group = `${String(this.#nextSegment).padStart(10, '0')}.gone`
    const replaces = { names, group, part: 1, isLast: true }
    await this.#write(new SegmentBuilder(), { ...this.#state(), replaces }, group)
  }

  async #write(
    builder: SegmentBuilder,
    origin: SegmentOrigin,
    name: string = this.#nameOf(this.#nextSegment),
  ): Promise<SegmentEntry> {
    this.#nextSegment++
    this.#keeper.begin(name)
    return writeSegment(this.#parts.files, name, builder, origin, this.#parts.clock)
  }

  #nameOf(segment: number): string {
    return `${String(segment).padStart(10, '0')}.seg`
  }

  /** For the writer, whose list of segments is never out of date, one that is not there is lost. */
  async #openSegment(name: string): Promise<OpenedSegment> {
    try {
      return await this.#set.get(name)
    } catch (cause) {
      if (!this.#isWriter || !isDiskError(cause, 'CORE_DISK_NOT_FOUND')) throw cause
      throw storeErrors.LOGS_STORE_SEGMENT_DAMAGED(
        { segment: name, part: 'file', reason: 'it is not there' },
        { cause },
      )
    }
  }

  #viewOfHead(): HeadView {
    const { rows } = this.#head
    if (this.#headView?.rows !== rows) this.#headView = { rows, view: new HeadView(this.#head) }
    return this.#headView.view
  }

  #mustWrite(): void {
    if (!this.#isWriter) throw this.#readOnly()
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
