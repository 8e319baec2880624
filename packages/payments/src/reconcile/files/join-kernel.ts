import { instantiateWasm } from '@exprsn/core/bytes'
import { addPairs, slotsFor, type Joined } from './join-part.ts'
import { joinWasm } from './join.wasm.ts'
import { chunksOf, currencyOf, type TupleLists } from './row-tuples.ts'

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  fill(at: number, to: number, table: number, mask: number): number
  probe(at: number, to: number, table: number, mask: number): number
  collect(at: number, to: number, left: number, right: number): void
}

/** Bytes of its memory where tuples of the right, places of them and tuples of the left stand; see `wasm/join.ts`. */
const [rights, rightPlaces, lefts] = [256, 16_896, 32_768]
/** A part that needs more is no part that a processor's cache holds. */
const mostBytes = 268_435_456
const page = 65_536

/** Joins parts in WebAssembly, as `PartJoiner` does, in less than half the time. */
export class JoinKernel {
  readonly #exports: Exports
  readonly #sides: Readonly<Record<'left' | 'right', readonly TupleLists[]>>
  #words: Int32Array

  /** Undefined where the machine cannot run it. */
  static create(
    left: readonly TupleLists[],
    right: readonly TupleLists[],
    module: string = joinWasm,
  ): JoinKernel | undefined {
    const exports = instantiateWasm<Exports>(module)
    return exports === undefined ? undefined : new JoinKernel(exports, left, right)
  }

  private constructor(exports: Exports, left: readonly TupleLists[], right: readonly TupleLists[]) {
    this.#exports = exports
    this.#sides = { left, right }
    this.#words = new Int32Array(exports.memory.buffer)
  }

  /** Adds to `joined` what becomes of one part; false, and nothing, when that has to be done the plain way. */
  join(part: number, joined: Joined): boolean {
    const table = this.#tableOf(part)
    const slots = slotsFor(this.#sides.left.reduce((sum, { counts }) => sum + counts[part]!, 0))
    if (!this.#reserve(table + 8 * slots)) return false
    this.#words.fill(0, table / 4, table / 4 + 2 * slots)
    const end = this.#copyLeft(part)
    const told = joined.right.length
    if (this.#exports.fill(lefts, end, table, 8 * slots - 8) === 1 || !this.#probe(part, table, slots, joined)) {
      joined.right.length = told
      return false
    }
    this.#collect(end, table, table + 4 * slots, joined)
    return true
  }

  /** Where the table begins. */
  #tableOf(part: number): number {
    let words = lefts / 4
    for (const list of this.#sides.left) for (const chunk of chunksOf(list, part)) words += chunk.length
    return 8 * Math.ceil(words / 2)
  }

  /** Gives where they end. */
  #copyLeft(part: number): number {
    let to = lefts / 4
    for (const list of this.#sides.left)
      for (const chunk of chunksOf(list, part)) {
        this.#words.set(chunk, to)
        to += chunk.length
      }
    return 4 * to
  }

  #probe(part: number, table: number, slots: number, { right }: Joined): boolean {
    for (const list of this.#sides.right)
      for (const chunk of chunksOf(list, part)) {
        this.#words.set(chunk, rights / 4)
        const told = this.#exports.probe(rights, rights + 4 * chunk.length, table, 8 * slots - 8)
        if (told < 0) return false
        this.#take(rightPlaces, told, right)
      }
    return true
  }

  #collect(end: number, left: number, right: number, joined: Joined): void {
    const words = this.#words
    const currency = currencyOf(words, lefts / 4)
    this.#exports.collect(lefts, end, left, right)
    this.#take(left, words[0]!, joined.left)
    this.#take(right, words[1]!, joined.right)
    const [count, sum] = [words[2]!, new BigInt64Array(words.buffer, 16, 1)[0]!]
    if (count > 0) addPairs(joined.pairs, new Map([[currency, { count, sum }]]))
  }

  /** Places of rows. */
  #take(from: number, bytes: number, places: number[]): void {
    const words = this.#words
    for (let at = from / 4; at < (from + bytes) / 4; at++) places.push(words[at]! >>> 0)
  }

  #reserve(bytes: number): boolean {
    if (bytes > mostBytes) return false
    const { memory } = this.#exports
    const more = bytes - memory.buffer.byteLength
    if (more <= 0) return true
    try {
      memory.grow(Math.ceil(more / page))
    } catch {
      return false
    }
    this.#words = new Int32Array(memory.buffer)
    return true
  }
}
