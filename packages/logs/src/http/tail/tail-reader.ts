import type { ServerSentEvent } from '@exprsn/core/http'
import type { EncodedEvents } from './event-encoder.ts'

/** What a reader gets: events that others get too, or one of its own. */
type TailPart = ServerSentEvent | Uint8Array<ArrayBuffer>

/**
 * The events that wait for one reader, which it takes at its own pace. One that is too slow misses whole pieces, and is told
 * with an event `gap` in their place how many lines they were.
 */
export class TailReader implements AsyncIterableIterator<TailPart> {
  readonly #mostBytes: number
  readonly #onLeave: (reader: TailReader) => void
  /** Pieces, or how many lines are missing in their place. */
  #waiting: (EncodedEvents | number)[] = []
  #size = 0
  #isFirst = true
  #end: { readonly error: unknown } | 'end' | undefined
  #wake: (() => void) | undefined

  /** @param mostBytes that wait; a piece is always taken when none does */
  constructor(mostBytes: number, onLeave: (reader: TailReader) => void) {
    this.#mostBytes = mostBytes
    this.#onLeave = onLeave
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Adds a piece, or says that it is missing where there is no room. */
  offer(events: EncodedEvents): void {
    const { bytes, count } = events
    if (this.#size > 0 && this.#size + bytes.length > this.#mostBytes) return this.miss(count)
    this.#size += bytes.length
    this.#waiting.push(events)
    this.#wake?.()
  }

  /** Says that lines are missing. */
  miss(count: number): void {
    const last = this.#waiting.at(-1)
    if (typeof last === 'number') this.#waiting[this.#waiting.length - 1] = last + count
    else this.#waiting.push(count)
    this.#wake?.()
  }

  /** Nothing comes any more after what waits. */
  end(): void {
    this.#end ??= 'end'
    this.#wake?.()
  }

  /** The same, because something is wrong. */
  fail(error: unknown): void {
    this.#end ??= { error }
    this.#wake?.()
  }

  /** Begins with an event `following`: proxies hold back answers without a byte, and who follows wants to know from when on. */
  async next(): Promise<IteratorResult<TailPart, undefined>> {
    if (this.#isFirst) {
      this.#isFirst = false
      return { done: false, value: { event: 'following', data: {} } }
    }
    while (this.#waiting.length === 0 && this.#end === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#wake = undefined
    const first = this.#waiting.shift()
    if (typeof first === 'number') return { done: false, value: { event: 'gap', data: { lines: first } } }
    if (first !== undefined) {
      this.#size -= first.bytes.length
      return { done: false, value: first.bytes }
    }
    if (typeof this.#end === 'object') throw this.#end.error
    return { done: true, value: undefined }
  }

  /** Leaves; what waits is dropped. */
  async return(): Promise<IteratorResult<TailPart, undefined>> {
    this.#waiting = []
    this.#size = 0
    this.end()
    this.#onLeave(this)
    return { done: true, value: undefined }
  }
}
