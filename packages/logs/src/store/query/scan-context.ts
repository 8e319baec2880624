import type { Clock } from '@exprsn/core'
import { storeErrors } from '../errors.ts'
import { Pacer } from '../pacer.ts'

/** What a query may cost. */
export interface QueryLimits {
  /** Milliseconds. */
  readonly timeout: number
  /** Groups of `stats`, and values that `distinct` and `quantile` keep. */
  readonly groups: number
  /** Lines that are sorted or made patterns of. */
  readonly lines: number
}

/** What a query has looked at. */
export interface QueryCosts {
  /** Segments, those in memory included. */
  segments: number
  /** Of these, none of whose lines are in the time asked for. */
  segmentsSkipped: number
  blocks: number
  /** Of these, answered by time, dictionary and filter alone. */
  blocksSkipped: number
  /** Lines that matched, as far as they were looked for. */
  matched: number
  /** What could not be read of segments, where the query goes on without it. */
  readonly damaged: string[]
}

/** What a query has done with one segment. */
export interface SegmentCosts {
  readonly name: string
  readonly rows: number
  /** Milliseconds since 1970. */
  readonly minTime: number
  readonly maxTime: number
  /** Why it was not opened: none of its lines is in the time asked for, or there were lines enough that come before. */
  readonly skipped: 'time' | 'order' | undefined
  /** All there are, if it was opened. */
  blocks: number
  /** Of these, none of whose lines are in the time asked for. */
  skippedByTime: number
  /** Of these, none of whose lines were wanted any more. */
  skippedByOrder: number
  /** Of these, answered by dictionary and filter alone. */
  skippedByIndex: number
  /** Lines that matched, as far as they were looked for. */
  matched: number
}

/** Watches over a query while it runs. */
export class ScanContext {
  readonly limits: QueryLimits
  readonly costs: QueryCosts = { segments: 0, segmentsSkipped: 0, blocks: 0, blocksSkipped: 0, matched: 0, damaged: [] }
  /** Of every segment, in the order in which they were looked at. */
  readonly segments: SegmentCosts[] = []
  /** Whether a damaged segment is passed over. */
  readonly skipsDamage: boolean
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  readonly #startedAt: number
  readonly #pacer: Pacer

  constructor(clock: Clock, limits: QueryLimits, signal?: AbortSignal, skipsDamage = false) {
    this.#clock = clock
    this.limits = limits
    this.#signal = signal
    this.skipsDamage = skipsDamage
    this.#pacer = new Pacer(clock)
    this.#startedAt = clock.monotonic()
  }

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return this.#clock.monotonic() - this.#startedAt
  }

  /** Called before each segment and each block that is read: ends the query when its time is up, and lets others have their turn now and then. */
  async breathe(): Promise<void> {
    this.#signal?.throwIfAborted()
    if (this.elapsed > this.limits.timeout) throw storeErrors.LOGS_QUERY_TIMEOUT({ milliseconds: this.limits.timeout })
    await this.#pacer.pause()
  }
}
