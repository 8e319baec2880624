import type { Clock, Logger } from '@exprsn/core'
import type { TailFiles } from '../../files/tail-files.ts'
import type { CompiledFilter } from '../../query/compile-filter.ts'
import type { Query } from '../../query/filter.ts'
import { followWriter } from './follow-writer.ts'
import type { LineRun } from '../../tail/line-run.ts'
import type { TailBatch } from '../../tail/tail-batch.ts'
import { TailHub } from './tail-hub.ts'
import { TailRelay } from './tail-relay.ts'

/** Who follows a tail, and how. */
export interface TailChoice {
  /** Lines that wait for a slow reader at most. */
  readonly buffer: number
  /** Whether this process takes the lines itself. */
  readonly isWriter: boolean
  readonly signal?: AbortSignal | undefined
}

/** The tails of a store: those of this process, and those that it serves in others or has served by another. */
export class StoreTails {
  readonly #hub = new TailHub()
  readonly #files: TailFiles | undefined
  readonly #relay: TailRelay | undefined
  readonly #clock: Clock
  readonly #closing = new AbortController()

  /** @param files undefined without a folder: then nobody else has these lines */
  constructor(files: TailFiles | undefined, clock: Clock, logger: Logger) {
    this.#files = files
    this.#clock = clock
    this.#relay = files === undefined ? undefined : new TailRelay(files, this.#hub, clock, logger)
  }

  /** Whether anybody follows lines of this process. */
  get isNeeded(): boolean {
    return this.#hub.isNeeded
  }

  /** Passes lines on that came just now. */
  publish(lines: LineRun): void {
    this.#hub.publish(lines)
  }

  /** Lines that match, as they come. */
  follow(query: Query, filter: CompiledFilter, { buffer, isWriter, signal }: TailChoice): AsyncIterable<TailBatch> {
    if (isWriter || this.#files === undefined) return this.#hub.follow(JSON.stringify(query), filter, buffer, signal)
    const { signal: closing } = this.#closing
    const ends = signal === undefined ? closing : AbortSignal.any([signal, closing])
    return followWriter(this.#files, query, this.#clock, ends)
  }

  /** As the one that writes: looks who follows in other processes. */
  async serve(): Promise<void> {
    if (!this.#closing.signal.aborted) await this.#relay?.serve()
  }

  /** Ends all tails. */
  close(): void {
    this.#closing.abort()
    this.#relay?.stop()
    this.#hub.close()
  }
}
