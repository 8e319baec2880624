import { amountOf, currencyOf, hasName, placeOf, slabBits, slabWords, wordsOf, type TupleLists } from './row-tuples.ts'

/** How an entry stands: only ours has it, one of each, or something that must be looked at more closely. */
const [alone, paired, unequal, many] = [0, 1, 2, 3]

/** What names decided. */
export interface Joined {
  /** By number of currency. */
  readonly pairs: Map<number, { readonly count: number; readonly sum: bigint }>
  /** Places of all other rows. */
  readonly left: number[]
  readonly right: number[]
}

/** Nothing yet. */
export function noneJoined(): Joined {
  return { pairs: new Map(), left: [], right: [] }
}

/** Adds pairs to others. */
export function addPairs(pairs: Joined['pairs'], more: Joined['pairs']): void {
  for (const [currency, { count, sum }] of more) {
    const known = pairs.get(currency)
    pairs.set(currency, { count: count + (known?.count ?? 0), sum: sum + (known?.sum ?? 0n) })
  }
}

/**
 * Finds the names that exactly one row of either side has, with equal amounts, part by part: an open-addressing table over
 * the words of tuples, which a processor's cache holds; no strings. Whatever is not exactly that is left to the rules:
 * their result for the others does not depend on these pairs, because what a name decides depends only on rows with that name.
 */
export class PartJoiner {
  readonly #slabs: readonly Int32Array[]
  readonly #sides: Readonly<Record<'left' | 'right', readonly TupleLists[]>>
  /** Hash, and number of the entry plus one. */
  #slots = new Int32Array(0)
  #positions = new Int32Array(0)
  #states = new Uint8Array(0)
  #rights = new Float64Array(0)

  /** @param left of each thread */
  constructor(left: readonly TupleLists[], right: readonly TupleLists[]) {
    this.#sides = { left, right }
    this.#slabs = [...left, ...right].flatMap(({ slabs }) => slabs)
  }

  /** Adds to `joined` what becomes of one part. */
  join(part: number, joined: Joined): void {
    const most = this.#sides.left.reduce((sum, { counts }) => sum + counts[part]!, 0)
    this.#clear(most)
    const entries = this.#fill(part, joined)
    this.#probe(part, joined)
    this.#collect(entries, joined)
  }

  #clear(entries: number): void {
    const slots = 2 * slotsFor(entries)
    if (this.#slots.length < slots) this.#slots = new Int32Array(slots)
    else this.#slots.fill(0)
    if (this.#states.length >= entries) return
    this.#positions = new Int32Array(entries)
    this.#states = new Uint8Array(entries)
    this.#rights = new Float64Array(entries)
  }

  #fill(part: number, { left }: Joined): number {
    let entries = 0
    for (const chunk of this.#chunksOf('left', part)) entries = this.#fillChunk(chunk, entries, left)
    return entries
  }

  #fillChunk({ slab, begin, end, first }: Chunk, before: number, left: number[]): number {
    const [slots, positions, states] = [this.#slots, this.#positions, this.#states]
    let entries = before
    for (let at = begin; at < end; at += wordsOf(slab, at)) {
      const slot = this.#find(slab, at)
      const known = slots[slot + 1]!
      if (known !== 0) {
        states[known - 1] = many
        left.push(placeOf(slab, at))
        continue
      }
      slots[slot] = slab[at]!
      slots[slot + 1] = entries + 1
      positions[entries] = first + at
      states[entries++] = alone
    }
    return entries
  }

  #probe(part: number, { right }: Joined): void {
    for (const chunk of this.#chunksOf('right', part)) this.#probeChunk(chunk, right)
  }

  #probeChunk({ slab, begin, end }: Chunk, right: number[]): void {
    const [slots, states, rights] = [this.#slots, this.#states, this.#rights]
    for (let at = begin; at < end; at += wordsOf(slab, at)) {
      const known = slots[this.#find(slab, at) + 1]!
      const place = placeOf(slab, at)
      if (known === 0) {
        right.push(place)
        continue
      }
      const entry = known - 1
      const state = states[entry]!
      if (state === alone) {
        states[entry] = this.#isEqual(entry, slab, at) ? paired : unequal
        rights[entry] = place
        continue
      }
      if (state !== many) {
        right.push(rights[entry]!)
        states[entry] = many
      }
      right.push(place)
    }
  }

  #collect(entries: number, { pairs, left, right }: Joined): void {
    const sums = new PairSums(pairs)
    for (let entry = 0; entry < entries; entry++) {
      const position = this.#positions[entry]!
      const slab = this.#slabs[position >>> slabBits]!
      const at = position & (slabWords - 1)
      const state = this.#states[entry]!
      if (state !== paired) {
        left.push(placeOf(slab, at))
        if (state === unequal) right.push(this.#rights[entry]!)
        continue
      }
      sums.add(currencyOf(slab, at), amountOf(slab, at))
    }
    sums.flush()
  }

  #isEqual(entry: number, slab: Int32Array, at: number): boolean {
    const position = this.#positions[entry]!
    const own = this.#slabs[position >>> slabBits]!
    const from = position & (slabWords - 1)
    return amountOf(own, from) === amountOf(slab, at) && currencyOf(own, from) === currencyOf(slab, at)
  }

  /** Where the slot of a tuple's name is, or the free one where it belongs. */
  #find(slab: Int32Array, at: number): number {
    const slots = this.#slots
    const hash = slab[at]!
    const mask = slots.length - 1
    // The bits that chose the part are the same in all of it.
    for (let slot = (Math.imul(hash, 0x9e3779b1) >>> 8) & mask & ~1; ; slot = (slot + 2) & mask) {
      const known = slots[slot + 1]!
      if (known === 0) return slot
      if (slots[slot] !== hash) continue
      const position = this.#positions[known - 1]!
      if (hasName(this.#slabs[position >>> slabBits]!, position & (slabWords - 1), slab, at)) return slot
    }
  }

  *#chunksOf(side: 'left' | 'right', part: number): Generator<Chunk> {
    // Slabs of all lists stand one after the other.
    let slabsBefore = side === 'left' ? 0 : this.#sides.left.reduce((sum, { slabs }) => sum + slabs.length, 0)
    for (const { slabs, chunks } of this.#sides[side]) {
      for (const chunk of chunks[part]!) {
        const at = chunk >>> slabBits
        const slab = slabs[at]!
        const begin = chunk & (slabWords - 1)
        yield { slab, begin: begin + 1, end: begin + slab[begin]!, first: (slabsBefore + at) * slabWords }
      }
      slabsBefore += slabs.length
    }
  }
}

/** Adds up pairs in numbers as long as they are exact, and in bigints then. */
class PairSums {
  readonly #pairs: Joined['pairs']
  #currency = -1
  #count = 0
  #sum = 0

  constructor(pairs: Joined['pairs']) {
    this.#pairs = pairs
  }

  add(currency: number, amount: number): void {
    if (currency !== this.#currency || !Number.isSafeInteger(this.#sum + amount)) {
      this.flush()
      this.#currency = currency
    }
    this.#count++
    this.#sum += amount
  }

  flush(): void {
    if (this.#count > 0)
      addPairs(this.#pairs, new Map([[this.#currency, { count: this.#count, sum: BigInt(this.#sum) }]]))
    this.#count = 0
    this.#sum = 0
  }
}

/** Tuples that stand one behind the other. */
interface Chunk {
  readonly slab: Int32Array
  readonly begin: number
  readonly end: number
  /** The position of the slab's first word. */
  readonly first: number
}

/** A power of two, at most five eighths full. */
export function slotsFor(entries: number): number {
  let slots = 16
  while (slots * 0.625 < entries) slots *= 2
  return slots
}
