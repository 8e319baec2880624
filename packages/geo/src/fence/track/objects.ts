import { grown } from './memberships.ts'

/** Where each object was last, in typed arrays. Slots of forgotten objects are used again. */
export class Objects {
  readonly #slots = new Map<string, number>()
  readonly #ids: (string | undefined)[] = []
  readonly #free: number[] = []
  x = new Float64Array(64)
  y = new Float64Array(64)
  /** Time of the last fix, milliseconds since 1970; -Infinity before the first. */
  time = new Float64Array(64)
  /** First membership, -1 for none. */
  head = new Int32Array(64)

  get size(): number {
    return this.#slots.size
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id)
  }

  idOf(slot: number): string {
    return this.#ids[slot]!
  }

  slots(): IterableIterator<number> {
    return this.#slots.values()
  }

  open(id: string): number {
    const known = this.#slots.get(id)
    if (known !== undefined) return known
    const slot = this.#free.pop() ?? this.#ids.length
    if (slot === this.x.length) this.#grow()
    this.#ids[slot] = id
    this.#slots.set(id, slot)
    this.time[slot] = -Infinity
    this.head[slot] = -1
    return slot
  }

  forget(slot: number): void {
    this.#slots.delete(this.#ids[slot]!)
    this.#ids[slot] = undefined
    this.#free.push(slot)
  }

  #grow(): void {
    const size = this.x.length * 2
    this.x = grown(this.x, new Float64Array(size))
    this.y = grown(this.y, new Float64Array(size))
    this.time = grown(this.time, new Float64Array(size))
    this.head = grown(this.head, new Int32Array(size))
  }
}
