import type { Clock } from '@exprsn/core'
import type { LogRecord } from '../../record/log-record.ts'
import type { HandedLine } from '../files/hand-over.ts'
import type { Manifest } from '../files/manifest.ts'
import { packedRoom, type PackedLines } from '../files/packed-lines.ts'
import type { WalBatch } from '../files/write-ahead-log.ts'
import { Pacer } from '../pacer.ts'
import { HeadView } from '../segment/head-view.ts'
import type { OnAdded } from '../segment/block-builder.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { LineRun } from '../tail/line-run.ts'
import { placeOf } from './place-of.ts'
import type { StoreTails } from './tail/store-tails.ts'

/** The lines on their way to a segment, with their numbers. Whoever follows the store sees them as they come. */
export class StoreHead {
  /** Sequence of the next line. */
  nextSequence = 1
  readonly #tails: StoreTails
  readonly #clock: Clock
  #builder = new SegmentBuilder()
  #view: { readonly rows: number; readonly view: HeadView } | undefined
  /** Per source, the sequence of the next line that was not taken. */
  #taken = new Map<string, number>()

  constructor(tails: StoreTails, clock: Clock) {
    this.#tails = tails
    this.#clock = clock
  }

  get rows(): number {
    return this.#builder.rows
  }

  get isFull(): boolean {
    return this.#builder.isFull
  }

  /** What becomes of them when they are sealed. */
  get builder(): SegmentBuilder {
    return this.#builder
  }

  /** Per source, the sequence of the first line that is not here, nor in a segment. */
  get places(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#taken)
  }

  /** The lines as they are now, for a query. */
  view(): HeadView {
    const { rows } = this.#builder
    if (this.#view?.rows !== rows) this.#view = { rows, view: new HeadView(this.#builder) }
    return this.#view.view
  }

  /** The process has become the writer: what it had in memory does not count. */
  begin({ nextSequence, places }: Manifest): void {
    this.nextSequence = nextSequence
    this.#taken = new Map(Object.entries(places))
    this.#builder = new SegmentBuilder()
    this.#view = undefined
  }

  /** Lines that are in the log from an earlier life. Nobody follows yet. */
  async restore({ sequence, time, lines }: WalBatch, pacer: Pacer): Promise<void> {
    this.nextSequence = Math.max(this.nextSequence, sequence)
    await this.#addPacked(lines, this.nextSequence, time, pacer)
    this.nextSequence += lines.count
  }

  /** Lines that have their sequences already. */
  async append(batches: readonly WalBatch[]): Promise<void> {
    const arrived = new LineRun()
    const pacer = new Pacer(this.#clock)
    for (const { sequence, time, lines } of batches) await this.#addPacked(lines, sequence, time, pacer, arrived)
    this.#tails.publish(arrived)
  }

  /** Lines of a spool, those excepted that it gave before. */
  async take(records: readonly LogRecord[]): Promise<void> {
    const arrived = new LineRun()
    const pacer = new Pacer(this.#clock)
    for (const [index, record] of records.entries()) {
      if (index % 1_000 === 999) await pacer.pause()
      const { source, sequence } = placeOf(record.id)
      const { bytes } = record
      if (this.#isNew(source, sequence)) this.#add(bytes, 0, bytes.length, () => record.time, arrived)
    }
    this.#tails.publish(arrived)
  }

  /** Lines that another process has handed over. */
  adopt(lines: readonly HandedLine[]): void {
    const arrived = new LineRun()
    for (const { bytes, time, source, sequence } of lines)
      if (source === undefined || this.#isNew(source, sequence!)) this.#add(bytes, 0, bytes.length, time, arrived)
    this.#tails.publish(arrived)
  }

  /** All of them are in a segment. */
  clear(): void {
    // A query may still look at what it was shown.
    this.#builder = this.#view === undefined ? this.#builder.next() : new SegmentBuilder(this.#builder.modes)
    this.#view = undefined
  }

  /** Adds lines in their order; others have their turn now and then. */
  async #addPacked(
    { bytes }: PackedLines,
    first: number,
    fallbackTime: number,
    pacer: Pacer,
    arrived?: LineRun,
  ): Promise<void> {
    const builder = this.#builder
    let sequence = first
    for (let at = packedRoom; at < bytes.length; await pacer.pause()) {
      const { rows } = builder
      const onAdded: OnAdded | undefined =
        arrived !== undefined && this.#tails.isNeeded
          ? (start, end, time, number) => arrived.add(bytes, start, end, time, number)
          : undefined
      at = builder.addPacked(bytes, at, { sequence, fallbackTime }, onAdded)
      sequence += builder.rows - rows
    }
  }

  #add(
    bytes: Uint8Array,
    start: number,
    end: number,
    fallbackTime: number | (() => number),
    arrived: LineRun,
    sequence = this.nextSequence++,
  ): void {
    const time = this.#builder.add(bytes, start, end, sequence, fallbackTime)
    if (this.#tails.isNeeded) arrived.add(bytes, start, end, time, sequence)
  }

  /** Whether a line of a source did not come before; from now on it did. */
  #isNew(source: string, sequence: number): boolean {
    if (sequence < (this.#taken.get(source) ?? 1)) return false
    this.#taken.set(source, sequence + 1)
    return true
  }
}
