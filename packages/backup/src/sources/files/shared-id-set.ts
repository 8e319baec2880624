import type { ContentId } from '../../repository/index.ts'

/** Words of 32 bits per slot: a state, and 128 bits of the id. */
const slotWords = 5
const state = { free: 0, taken: 1, ready: 2 } as const
const fullest = 0.8
const fewestSlots = 1_024
/** Slots of the first table: 2.6 MB, enough for 100,000 ids. */
const mostFirstSlots = 2 ** 17
/** Words behind the tables. */
const counters = 2

/** A hash table with linear probing in the shared memory: its slots, and a counter behind all tables. */
interface Table {
  readonly start: number
  readonly mask: number
  readonly limit: number
  readonly counter: number
}

/**
 * Ids of blobs in memory that threads share: whoever adds an id first is the one to store the blob. When a first small table
 * is full others follow in a large one, of which no page is touched until then.
 */
export class SharedIdSet {
  /** What another thread builds its own view from. */
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #tables: readonly Table[]

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#words = new Int32Array(memory)
    this.#tables = tablesIn(this.#words.length)
  }

  /** An empty set with room for so many ids. */
  static withRoom(ids: number): SharedIdSet {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(fewestSlots, ids / fullest)))
    const all = slots > mostFirstSlots ? mostFirstSlots + slots : slots
    return new SharedIdSet(new SharedArrayBuffer(4 * (all * slotWords + counters)))
  }

  /** Ids in it. */
  get size(): number {
    return this.#tables.reduce((sum, { counter }) => sum + Atomics.load(this.#words, counter), 0)
  }

  /**
   * Adds an id; false when it is there already. A full set answers true and forgets: then a blob may be stored twice,
   * never not at all – as when two threads add one id in the moment in which the first table becomes full. Ids are compared by
   * their first 128 bits, which nobody can bring to collide.
   */
  add(id: ContentId): boolean {
    const parts = partsOf(id)
    for (const table of this.#tables) {
      const added = this.#addTo(table, parts)
      if (added !== undefined) return added
    }
    return true
  }

  /** Undefined when it is not there, and the table is full. */
  #addTo({ start, mask, limit, counter }: Table, parts: IdParts): boolean | undefined {
    const words = this.#words
    for (let slot = parts[0] & mask; ; slot = (slot + 1) & mask) {
      const at = start + slot * slotWords
      const found = Atomics.load(words, at)
      if (found === state.ready) {
        if (parts.every((part, index) => words[at + 1 + index] === part)) return false
        continue
      }
      if (found === state.free && Atomics.load(words, counter) >= limit) return undefined
      if (Atomics.compareExchange(words, at, state.free, state.taken) === state.free) {
        words.set(parts, at + 1)
        Atomics.store(words, at, state.ready)
        Atomics.add(words, counter, 1)
        return true
      }
      // Another thread is writing this slot: it takes some nanoseconds, then the slot is looked at again.
      while (Atomics.load(words, at) === state.taken);
      slot = (slot - 1) & mask
    }
  }
}

/** The tables of a memory of so many words, from its size alone. */
function tablesIn(words: number): Table[] {
  const slots = (words - counters) / slotWords
  const table = (first: number, size: number, counter: number): Table => ({
    start: first * slotWords,
    mask: size - 1,
    limit: Math.floor(size * fullest),
    counter: slots * slotWords + counter,
  })
  if (slots <= mostFirstSlots) return [table(0, slots, 0)]
  return [table(0, mostFirstSlots, 0), table(mostFirstSlots, slots - mostFirstSlots, 1)]
}

type IdParts = readonly [number, number, number, number]
function partsOf(id: ContentId): IdParts {
  const part = (at: number) => Number.parseInt(id.slice(at, at + 8), 16) | 0
  return [part(0), part(8), part(16), part(24)]
}
