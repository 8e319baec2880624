import { partWord } from './byte-view.ts'

/** Words of a chunk; a tuple never crosses its end. */
const chunkWords = 4_096
/** The bits of a position that are within its slab. */
export const slabBits = 18
/** Words of a slab: a MiB, which the system takes back when it is freed. */
export const slabWords = 1 << slabBits
/** Words of a tuple before its name; three more when its numbers need more than 32 bits. */
const [narrowWords, wideWords] = [4, 7]
/** Longer names are left to the rules. */
export const longestName = 255

const double = new Float64Array(1)
const halves = new Int32Array(double.buffer)

/**
 * Rows as matching by name needs them, parted by the hash of their names: hash, place, amount, currency and the name itself,
 * 32 bytes where the name has up to 16. A part is small enough for a processor's cache, and threads can hand it on (a
 * radix-partitioned hash join, as in Manegold, Boncz and Kersten, "Optimizing main-memory join on modern hardware").
 */
export class RowTuples {
  readonly slabs: Int32Array[] = []
  /** Where the chunks of each part begin. */
  readonly chunks: readonly number[][]
  /** How many tuples each part has. */
  readonly counts: Int32Array
  /** Where the next tuple of each part goes, and where its chunk ends. */
  readonly #next: Int32Array
  readonly #ends: Int32Array
  #used = 0

  /** @param parts a power of two up to 4,096 */
  constructor(parts: number) {
    this.chunks = Array.from({ length: parts }, () => [])
    this.counts = new Int32Array(parts)
    this.#next = new Int32Array(parts)
    this.#ends = new Int32Array(parts)
  }

  /** Takes a row; its name has 1 to {@link longestName} bytes. */
  add(hash: number, view: DataView, start: number, end: number, amount: number, currency: number, place: number): void {
    const part = (hash >>> 8) & (this.counts.length - 1)
    const isWide = amount !== (amount | 0) || place > 0xffffffff
    const length = end - start
    const words = (isWide ? wideWords : narrowWords) + ((length + 3) >> 2)
    let position = this.#next[part]!
    if (position + words > this.#ends[part]!) position = this.#open(part)
    const slab = this.slabs[position >>> slabBits]!
    let to = position & (slabWords - 1)
    slab[to] = hash
    slab[to + 1] = place
    slab[to + 2] = amount
    slab[to + 3] = length | (currency << 8) | (isWide ? 1 << 31 : 0)
    to += narrowWords
    if (isWide) {
      double[0] = amount
      slab[to++] = place / 4_294_967_296
      slab[to++] = halves[0]!
      slab[to++] = halves[1]!
    }
    let at = start
    for (; at + 4 <= end; at += 4) slab[to++] = view.getInt32(at, true)
    if (at < end) slab[to] = partWord(view, at, end)
    this.#next[part] = position + words
    this.counts[part]!++
  }

  /** Takes so many tuples of one part that stand elsewhere, one behind the other. They fit a chunk. */
  append(part: number, words: Int32Array, count: number): void {
    let position = this.#next[part]!
    if (position + words.length > this.#ends[part]!) position = this.#open(part)
    this.slabs[position >>> slabBits]!.set(words, position & (slabWords - 1))
    this.#next[part] = position + words.length
    this.counts[part]! += count
  }

  /** The first word of each chunk says where it ends. */
  finish(): void {
    for (let part = 0; part < this.counts.length; part++) this.#close(part)
  }

  #open(part: number): number {
    this.#close(part)
    if (this.#used === this.slabs.length * slabWords) this.slabs.push(new Int32Array(slabWords))
    const chunk = this.#used
    this.#used += chunkWords
    this.chunks[part]!.push(chunk)
    this.#ends[part] = chunk + chunkWords
    return chunk + 1
  }

  #close(part: number): void {
    const chunk = this.chunks[part]!.at(-1)
    if (chunk !== undefined) this.slabs[chunk >>> slabBits]![chunk & (slabWords - 1)] = this.#next[part]! - chunk
  }
}

/** What threads hand on of {@link RowTuples}. */
export type TupleLists = Pick<RowTuples, 'slabs' | 'chunks' | 'counts'>

/** The tuples of a part, some at a time. */
export function chunksOf({ slabs, chunks }: TupleLists, part: number): Int32Array[] {
  return chunks[part]!.map((chunk) => {
    const begin = chunk & (slabWords - 1)
    const slab = slabs[chunk >>> slabBits]!
    return slab.subarray(begin + 1, begin + slab[begin]!)
  })
}

/** Who joins the tuples of a name, of so many. The parts of a share and the slots of a part go by other bits. */
export function shareOf(hash: number, shares: number): number {
  return (Math.imul(hash, 0x9e3779b1) >>> 24) % shares
}

/** What threads can hand on is plain data. */
export function plainTuples(lists: readonly TupleLists[]): TupleLists[] {
  return lists.map(({ slabs, chunks, counts }) => ({ slabs, chunks, counts }))
}

/** The memory of tuples. */
export function memoryOf(lists: readonly TupleLists[]): ArrayBuffer[] {
  return lists.flatMap(({ slabs }) => slabs.map(({ buffer }) => buffer as ArrayBuffer))
}

/** Gives memory back at once, not when a collector of garbage comes by: nobody reads these tuples again. */
export function freeTuples(lists: readonly TupleLists[]): void {
  for (const memory of memoryOf(lists)) memory.transfer(0)
}

/** Where in the file the row of a tuple begins. */
export function placeOf(slab: Int32Array, at: number): number {
  const low = slab[at + 1]! >>> 0
  return slab[at + 3]! < 0 ? slab[at + 4]! * 4_294_967_296 + low : low
}

/** Minor units. */
export function amountOf(slab: Int32Array, at: number): number {
  if (slab[at + 3]! >= 0) return slab[at + 2]!
  halves[0] = slab[at + 5]!
  halves[1] = slab[at + 6]!
  return double[0]!
}

/** A number of `Currencies`. */
export function currencyOf(slab: Int32Array, at: number): number {
  return (slab[at + 3]! >>> 8) & 0x7fff
}

/** How many words a tuple has. */
export function wordsOf(slab: Int32Array, at: number): number {
  const meta = slab[at + 3]!
  return (meta < 0 ? wideWords : narrowWords) + (((meta & 255) + 3) >> 2)
}

/** Whether two tuples have the same name, byte for byte. */
export function hasName(slab: Int32Array, at: number, other: Int32Array, otherAt: number): boolean {
  const [meta, otherMeta] = [slab[at + 3]!, other[otherAt + 3]!]
  if ((meta & 255) !== (otherMeta & 255)) return false
  const words = ((meta & 255) + 3) >> 2
  let from = at + (meta < 0 ? wideWords : narrowWords)
  let to = otherAt + (otherMeta < 0 ? wideWords : narrowWords)
  for (const end = from + words; from < end; from++, to++) if (slab[from] !== other[to]) return false
  return true
}
