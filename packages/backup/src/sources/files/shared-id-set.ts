import type { ContentId } from '../../repository/index.ts'

/** Words of 32 bits per slot: a state, and 128 bits of the id. */
const slotWords = 5
const state = { free: 0, taken: 1, ready: 2 } as const
const fullest = 0.8

/** Ids of blobs in memory that threads share: whoever adds an id first is the one to store the blob. */
export class SharedIdSet {
  /** What another thread builds its own view from. */
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #mask: number
  readonly #limit: number

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#words = new Int32Array(memory)
    const slots = (this.#words.length - 1) / slotWords
    this.#mask = slots - 1
    this.#limit = Math.floor(slots * fullest)
  }

  /** An empty set with room for so many ids. */
  static withRoom(ids: number): SharedIdSet {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1_024, ids / fullest)))
    return new SharedIdSet(new SharedArrayBuffer(4 * (slots * slotWords + 1)))
  }

  /** Ids in it. */
  get size(): number {
    return Atomics.load(this.#words, this.#words.length - 1)
  }

  /**
   * Adds an id; false when it is there already. A full set answers true and forgets: then a blob may be stored twice,
   * never not at all. Ids are compared by their first 128 bits, which nobody can bring to collide.
   */
  add(id: ContentId): boolean {
    const words = this.#words
    const parts = partsOf(id)
    for (let slot = parts[0] & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * slotWords
      const found = Atomics.load(words, at)
      if (found === state.ready) {
        if (parts.every((part, index) => words[at + 1 + index] === part)) return false
        continue
      }
      if (found === state.free && this.size >= this.#limit) return true
      if (Atomics.compareExchange(words, at, state.free, state.taken) === state.free) {
        words.set(parts, at + 1)
        Atomics.store(words, at, state.ready)
        Atomics.add(words, words.length - 1, 1)
        return true
      }
      // Another thread is writing this slot: it takes some nanoseconds, then the slot is looked at again.
      while (Atomics.load(words, at) === state.taken);
      slot = (slot - 1) & this.#mask
    }
  }
}

function partsOf(id: ContentId): readonly [number, number, number, number] {
  const part = (at: number) => Number.parseInt(id.slice(at, at + 8), 16) | 0
  return [part(0), part(8), part(16), part(24)]
}
