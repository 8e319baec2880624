import type { Clock } from '@exprsn/core'
import { parseQuery, type LogStore } from '../../store/index.ts'
import { EventEncoder } from './event-encoder.ts'
import { TailChannel } from './tail-channel.ts'
import type { TailReader } from './tail-reader.ts'

/** The tails of a store over HTTP: a question that several ask is asked once. */
export class SharedTails {
  readonly #store: LogStore
  readonly #clock: Clock
  readonly #encoder = new EventEncoder()
  readonly #mostBytes: number
  readonly #channels = new Map<string, TailChannel>()

  /** @param mostBytes that wait for a reader */
  constructor(store: LogStore, clock: Clock, mostBytes: number) {
    this.#store = store
    this.#clock = clock
    this.#mostBytes = mostBytes
  }

  /** Follows; when it resolves no line is missed any more. @throws `LOGS_QUERY_INVALID`, `LOGS_QUERY_PATTERN`, `LOGS_STORE_CLOSED` */
  async follow(text: string): Promise<TailReader> {
    const query = parseQuery(text, this.#clock.now())
    const key = JSON.stringify(query)
    const channel = this.#channels.get(key) ?? this.#open(key, query)
    const reader = channel.join(this.#mostBytes)
    try {
      await channel.started
    } catch (error) {
      await reader.return()
      throw error
    }
    return reader
  }

  #open(key: string, query: ReturnType<typeof parseQuery>): TailChannel {
    const channel = new TailChannel(this.#store, query, this.#encoder, this.#clock, () => {
      if (this.#channels.get(key) === channel) this.#channels.delete(key)
    })
    this.#channels.set(key, channel)
    return channel
  }
}
