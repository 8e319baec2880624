import type { Clock } from '@exprsn/core'

/** Keeps values until their time is over, and of too many the oldest go first. */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>()
  readonly #clock: Clock
  readonly #maximum: number

  constructor(clock: Clock, maximum: number) {
    this.#clock = clock
    this.#maximum = maximum
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    // The monotonic clock: setting the machine's back must not make an answer live longer.
    if (entry === undefined || entry.until > this.#clock.monotonic()) return entry?.value
    this.#entries.delete(key)
    return undefined
  }

  /** @param ttl milliseconds */
  set(key: string, value: Value, ttl: number): void {
    this.#entries.delete(key)
    if (ttl <= 0) return
    if (this.#entries.size >= this.#maximum) this.#entries.delete(this.#entries.keys().next().value!)
    this.#entries.set(key, { value, until: this.#clock.monotonic() + ttl })
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
