import type { Clock, Logger } from '@exprsn/core'
import { isDiskError } from '@exprsn/core/disk'
import { storeErrors } from '../errors.ts'
import type { Manifest, SegmentEntry } from '../files/manifest.ts'
import type { OpenFile, SegmentFiles } from '../files/segment-files.ts'
import type { SegmentOrigin } from '../segment/layout.ts'
import { salvageSegment, type OpenedSegment } from '../segment/open-segment.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import type { CompactionJob } from './compaction/compact-files.ts'
import type { HandedLines } from './handed-lines.ts'
import { ManifestKeeper } from './manifest-keeper.ts'
import type { MadeSegment } from './rewrite.ts'
import { SegmentSet } from './segment-set.ts'
import type { StoreHead } from './store-head.ts'
import { writeSegment } from './write-segment.ts'

/** What a {@link SegmentCatalog} works with. */
export interface SegmentCatalogParts {
  readonly files: SegmentFiles
  /** The manifest says how far its numbering is. */
  readonly head: StoreHead
  /** The manifest says which files of these are in segments. */
  readonly handed: HandedLines | undefined
  readonly clock: Clock
  readonly logger: Logger
}

/** Segments that a compaction may make. */
const mostParts = 64

/**
 * The segments of the store. A change happens when the manifest is replaced, and files that no manifest names are leftovers.
 * What changes something has to be called in turn, by the writer.
 */
export class SegmentCatalog {
  readonly #parts: SegmentCatalogParts
  readonly #set: SegmentSet
  readonly #keeper: ManifestKeeper
  #nextSegment = 1
  /** Segments of the lines in memory that may be there though they never became part of the store. */
  #sealed: readonly string[] = []

  constructor(parts: SegmentCatalogParts) {
    this.#parts = parts
    this.#set = new SegmentSet(parts.files)
    this.#keeper = new ManifestKeeper(parts.files, parts.logger)
  }

  get manifest(): Manifest {
    return this.#keeper.manifest
  }

  /** Looks what the writer has done meanwhile. */
  async read(): Promise<void> {
    const { segments } = await this.#keeper.read()
    this.#set.keepOnly(new Set(segments.map(({ name }) => name)))
  }

  /** {@link SegmentCatalog.read} for those who rely on what it says. */
  readSettled(): Promise<Manifest> {
    return this.#keeper.readSettled()
  }

  /** The process has become the writer: removes leftovers. */
  async recover(): Promise<Manifest> {
    const manifest = await this.#keeper.recover()
    this.#nextSegment = manifest.nextSegment
    this.#sealed = []
    return manifest
  }

  /** Keeps the segments that are there now readable until the function is called that is returned. */
  retain(): () => void {
    return this.#set.retain(this.manifest.segments.map(({ name }) => name))
  }

  /** Opens a segment that is retained. */
  open(name: string): Promise<OpenedSegment> {
    return this.#set.get(name)
  }

  /** {@link SegmentCatalog.open} for the writer, whose list is never out of date: what is not there is lost. */
  async openOwn(name: string): Promise<OpenedSegment> {
    try {
      return await this.#set.get(name)
    } catch (cause) {
      if (!isDiskError(cause, 'CORE_DISK_NOT_FOUND')) throw cause
      throw storeErrors.LOGS_STORE_SEGMENT_DAMAGED(
        { segment: name, part: 'file', reason: 'it is not there' },
        { cause },
      )
    }
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

  /** Makes a segment of the lines in memory; files of the log before `walFrom` are not needed any more. */
  async seal(walFrom: number = this.manifest.walFrom): Promise<void> {
    const { head, handed } = this.#parts
    const state: SegmentOrigin = {
      walFrom,
      places: head.places,
      handedOver: [...this.#state().handedOver, ...(handed?.adopted ?? [])],
    }
    const group = this.#nameOf(this.#nextSegment)
    const names = this.#sealed
    const replaces = names.length === 0 ? undefined : { names, group, part: 1, isLast: true }
    this.#sealed = [...names, group]
    const entry = await this.#write(head.builder, { ...state, replaces })
    await this.#replace([], [entry], state, () => {
      head.clear()
      this.#sealed = []
    })
  }

  /** Puts segments in the place of others: first the new files, then the manifest, then the old files go. */
  async rewrite(gone: readonly SegmentEntry[], segments: AsyncIterable<MadeSegment>): Promise<readonly SegmentEntry[]> {
    const made: SegmentEntry[] = []
    const emptied = new Set(gone.map(({ name }) => name))
    let [group, part] = ['', 0]
    for await (const { builder, replaces: names, isLast } of segments) {
      for (const name of names) emptied.delete(name)
      if (part === 0) group = this.#nameOf(this.#nextSegment)
      made.push(await this.#write(builder, { ...this.#state(), replaces: { names, group, part: ++part, isLast } }))
      builder.giveBack()
      if (isLast) part = 0
    }
    if (emptied.size > 0) await this.#bury([...emptied])
    await this.#replace(gone, made, this.#state())
    return made
  }

  /** Takes segments away. */
  async drop(gone: readonly SegmentEntry[]): Promise<void> {
    await this.#replace(gone, [], this.#state())
  }

  /** After it, what was deleted is in no file. @throws where a file could not be removed */
  async settleRemovals(): Promise<void> {
    await this.#keeper.settleRemovals()
  }

  /** What a compaction needs, its names included: nobody else will use them. */
  planCompaction(small: readonly SegmentEntry[]): CompactionJob {
    const newNames = Array.from({ length: mostParts }, () => this.#nameOf(this.#nextSegment++))
    return { names: small.map(({ name }) => name), newNames, state: this.#state() }
  }

  /** Puts what was compacted in the place of what it was made of. */
  async commitCompaction(small: readonly SegmentEntry[], made: readonly SegmentEntry[]): Promise<void> {
    await this.#replace(small, made, this.#state())
  }

  /** Forgets a compaction that has failed: what it has written goes with the next change. */
  async abandonCompaction({ newNames }: CompactionJob): Promise<void> {
    for (const name of await this.#parts.files.list()) if (newNames.includes(name)) this.#keeper.begin(name)
  }

  async close(): Promise<void> {
    await this.#set.close()
  }

  /** Replaces the manifest; the files of the segments that are gone go with it. */
  async #replace(
    gone: readonly SegmentEntry[],
    made: readonly SegmentEntry[],
    { walFrom, places, handedOver }: SegmentOrigin,
    onReplaced: () => void = () => {},
  ): Promise<void> {
    const { manifest } = this
    const names = new Set(gone.map(({ name }) => name))
    const next: Manifest = {
      version: 1,
      generation: manifest.generation + 1,
      segments: [...manifest.segments.filter(({ name }) => !names.has(name)), ...made],
      nextSequence: this.#parts.head.nextSequence,
      nextSegment: this.#nextSegment,
      walFrom,
      places,
      handedOver,
    }
    await this.#keeper.commit(next, onReplaced)
    this.#set.keepOnly(new Set(next.segments.map(({ name }) => name)))
    await this.#keeper.removeUnneeded([...names])
  }

  /** Lines that are only in memory are in no segment yet: what is said of them changes when they are sealed. */
  #state(): SegmentOrigin {
    const { walFrom, places, handedOver = [] } = this.manifest
    return { walFrom, places, handedOver: this.#parts.handed?.left(handedOver) ?? [] }
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
}
