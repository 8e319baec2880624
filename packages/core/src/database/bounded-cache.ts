/** A map that keeps the entries used last. */
export class BoundedCache<Key, Value> {
  readonly #entries = new Map<Key, Value>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  /** The value of a key, made when it is not there. */
  take(key: Key, make: (key: Key) => Value): Value {
    let value = this.#entries.get(key)
    if (value === undefined) value = make(key)
    else this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value!)
    return value
  }

  clear(): void {
    this.#entries.clear()
  }
}
