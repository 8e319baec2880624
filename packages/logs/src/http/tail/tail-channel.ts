import { sleep, type Clock } from '@exprsn/core'
import type { LogStore, Query } from '../../store/index.ts'
import type { EventEncoder } from './event-encoder.ts'
import { TailReader } from './tail-reader.ts'

/** Lines that wait to be encoded at most: what comes in seconds in which nothing else has its turn. */
const mostLines = 100_000

/** Milliseconds in which lines are gathered, so that a thousand appends are not a thousand writes to each socket. */
const pause = 25

/** The answer to one question, encoded once and passed on to all who have asked it. */
export class TailChannel {
  readonly #readers = new Set<TailReader>()
  readonly #leaving = new AbortController()
  readonly #encoder: EventEncoder
  readonly #clock: Clock
  readonly #onEnd: () => void
  /** Until it follows. Rejects where the question is wrong. */
  readonly started: Promise<void>

  constructor(store: LogStore, query: Query, encoder: EventEncoder, clock: Clock, onEnd: () => void) {
    this.#encoder = encoder
    this.#clock = clock
    this.#onEnd = onEnd
    this.started = new Promise((resolve, reject) => {
      this.#pass(store, query, resolve).then(
        () => this.#end((reader) => reader.end()),
        (error: unknown) => {
          reject(error)
          this.#end((reader) => reader.fail(error))
        },
      )
    })
  }

  /** Adds a reader. @param mostBytes that wait for it */
  join(mostBytes: number): TailReader {
    const reader = new TailReader(mostBytes, (each) => this.#leave(each))
    this.#readers.add(reader)
    return reader
  }

  #leave(reader: TailReader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return
    this.#onEnd()
    this.#leaving.abort()
  }

  /** Nobody may join any more: nothing would come. */
  #end(tell: (reader: TailReader) => void): void {
    this.#onEnd()
    for (const reader of this.#readers) tell(reader)
    this.#readers.clear()
  }

  async #pass(store: LogStore, query: Query, onFollowing: () => void): Promise<void> {
    const { signal } = this.#leaving
    for await (const batch of store.tailBatches(query, { signal, buffer: mostLines })) {
      onFollowing()
      for (const events of this.#encoder.encode(batch)) for (const reader of this.#readers) reader.offer(events)
      if (batch.dropped > 0) for (const reader of this.#readers) reader.miss(batch.dropped)
      // It fails with the signal alone, with which the tail ends, too.
      if (batch.count > 0) await sleep(pause, { clock: this.#clock, signal, background: true }).catch(() => {})
    }
    onFollowing()
  }
}
