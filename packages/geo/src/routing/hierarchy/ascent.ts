import type { EdgesOfWay } from './edges-of-way.ts'
import { unreached } from './witness-search.ts'

/**
 * One side of a search in a hierarchy that climbs to its very end, as tables need it. Edges lead to more important places only:
 * taken from the least important on, each place is done when its turn comes, and no queue by length is needed. Places that are
 * nearer over a more important one lie on no shortest path: they are not climbed from (stall on demand), and in the end, from
 * the most important down, left out.
 */
export class Ascent {
  readonly lengths: Int32Array
  /** Per reached place what the second values add up to; empty where there are none. */
  readonly totals: Int32Array
  /** The places that may lie on shortest paths, the most important first. */
  readonly places: Int32Array
  count = 0
  readonly #along: EdgesOfWay
  readonly #against: EdgesOfWay
  /** All that were reached, the least important first, and those of them that were climbed from. */
  readonly #reached: Int32Array
  #reachedCount = 0
  readonly #climbed: Int32Array
  #climbedCount = 0
  /** A bit for each place whose turn is to come, and one for each 32 of them. */
  readonly #marks: Int32Array
  readonly #groups: Int32Array
  /** The last group with a mark. */
  #last = -1

  /** @param along The edges that it climbs; `against` are those of the other way. */
  constructor(nodes: number, along: EdgesOfWay, against: EdgesOfWay) {
    this.lengths = new Int32Array(nodes).fill(unreached)
    this.totals = new Int32Array(along.totals === undefined ? 0 : nodes)
    this.places = new Int32Array(nodes)
    this.#along = along
    this.#against = against
    this.#reached = new Int32Array(nodes)
    this.#climbed = new Int32Array(nodes)
    this.#marks = new Int32Array((nodes >> 5) + 1)
    this.#groups = new Int32Array((nodes >> 10) + 1)
  }

  clear(): void {
    for (let index = 0; index < this.#reachedCount; index++) this.lengths[this.#reached[index]!] = unreached
    this.#reachedCount = 0
    this.#climbedCount = 0
    this.count = 0
  }

  /** Lets the search begin at a place, after a length and a total already gone. To be called after `clear`. */
  begin(place: number, length: number, total: number): void {
    if (length >= this.lengths[place]!) return
    this.lengths[place] = length
    if (this.totals.length > 0) this.totals[place] = total
    this.#mark(place)
  }

  /** Climbs from where it begins. */
  climb(): void {
    const marks = this.#marks
    const groups = this.#groups
    for (let group = this.#last; group >= 0; group--)
      while (groups[group] !== 0) {
        const word = group * 32 + 31 - Math.clz32(groups[group]!)
        while (marks[word] !== 0) {
          const bit = 31 - Math.clz32(marks[word]!)
          marks[word]! ^= 1 << bit
          const place = word * 32 + bit
          this.#reached[this.#reachedCount++] = place
          if (!this.#isFarther(place)) this.#leave(place)
        }
        groups[group]! ^= 1 << (word & 31)
      }
    this.#last = -1
    this.#select()
  }

  #leave(place: number): void {
    const { first, edges, totals } = this.#along
    const lengths = this.lengths
    const begun = lengths[place]!
    const end = first[place + 1]!
    this.#climbed[this.#climbedCount++] = place
    for (let edge = first[place]!; edge < end; edge++) {
      const target = edges[edge * 2]!
      const length = begun + (edges[edge * 2 + 1]! >> 2)
      const before = lengths[target]!
      if (length >= before) continue
      lengths[target] = length
      if (totals !== undefined) this.totals[target] = this.totals[place]! + totals[edge]!
      if (before === unreached) this.#mark(target)
    }
  }

  /** Whether a place is nearer over a more important one; it then keeps that length, so that others are compared with it. */
  #isFarther(place: number): boolean {
    const { first, edges } = this.#against
    const lengths = this.lengths
    const reached = lengths[place]!
    const end = first[place + 1]!
    for (let edge = first[place]!; edge < end; edge++) {
      const length = lengths[edges[edge * 2]!]!
      // Unreached is no length to be added to.
      if (length >= reached || length + (edges[edge * 2 + 1]! >> 2) >= reached) continue
      lengths[place] = length + (edges[edge * 2 + 1]! >> 2)
      return true
    }
    return false
  }

  /** By now all more important places have their least lengths. */
  #select(): void {
    for (let index = this.#climbedCount - 1; index >= 0; index--) {
      const place = this.#climbed[index]!
      if (!this.#isFarther(place)) this.places[this.count++] = place
    }
  }

  #mark(place: number): void {
    this.#marks[place >> 5]! |= 1 << (place & 31)
    const group = place >> 10
    this.#groups[group]! |= 1 << ((place >> 5) & 31)
    if (group > this.#last) this.#last = group
  }
}
