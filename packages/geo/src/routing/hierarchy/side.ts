import { IntHeap } from '../search/int-heap.ts'
import type { Hierarchy } from './hierarchy.ts'
import { unreached } from './witness-search.ts'

/** Edges that lead upwards are taken from a start, those that lead downwards, backwards from an end. */
export const upwards = 1
export const downwards = 2

/**
 * One side of a search in a hierarchy: it climbs to more important places only. A place that is reached at no greater length
 * over a more important one is not on a shortest path and is not climbed from (stall on demand): 191 instead of 302 places
 * are settled in a city.
 */
export class Side {
  readonly lengths: Int32Array
  /** Per reached place the edge it was reached by and the place before, -1 where the side began. */
  readonly arrivals: Int32Array
  readonly queue = new IntHeap()
  /** Places reached since the last `clear`. */
  touched = new Int32Array(256)
  count = 0
  /** Reached places of the core, which the search does not climb from while it is closed. */
  readonly entries: Int32Array
  entered = 0
  readonly #first: Int32Array
  readonly #edges: Int32Array
  readonly #way: number
  /** Places below it are in the core that is closed. */
  #closed = 0

  constructor({ nodes, first, edges, core }: Hierarchy, way: typeof upwards | typeof downwards) {
    this.entries = new Int32Array(core?.places ?? 0)
    this.lengths = new Int32Array(nodes).fill(unreached)
    this.arrivals = new Int32Array(nodes * 2)
    this.#first = first
    this.#edges = edges
    this.#way = way
  }

  clear(): void {
    for (let index = 0; index < this.count; index++) this.lengths[this.touched[index]!] = unreached
    this.count = 0
    this.queue.clear()
    this.#closed = 0
    this.entered = 0
  }

  /** From now on the search ends where it reaches the core. To be called before it begins. */
  closeCore(): void {
    this.#closed = this.entries.length
  }

  /** Goes on from where the core was reached. */
  openCore(): void {
    this.#closed = 0
    for (const place of this.entries.subarray(0, this.entered)) this.queue.push(this.lengths[place]!, place)
    this.entered = 0
  }

  /** Lets the search begin at a place, after a length already gone. */
  begin(place: number, length: number): void {
    if (length < this.lengths[place]!) this.#reach(place, length, -1, -1)
  }

  /** Settles the nearest place and returns it, -1 when it was settled before or leads nowhere better. */
  settle(): number {
    const key = this.queue.least
    const place = this.queue.pop()
    if (key > this.lengths[place]!) return -1
    const edges = this.#edges
    const lengths = this.lengths
    const begin = this.#first[place]! * 2
    const end = this.#first[place + 1]! * 2
    const against = 3 - this.#way
    for (let at = begin; at < end; at += 2) {
      const weight = edges[at + 1]!
      if ((weight & against) === 0) continue
      const length = lengths[edges[at]!]!
      if (length < key && length + (weight >> 2) < key) return -1
    }
    for (let at = begin; at < end; at += 2) {
      const weight = edges[at + 1]!
      if ((weight & this.#way) === 0) continue
      const target = edges[at]!
      const length = key + (weight >> 2)
      if (length < lengths[target]!) this.#reach(target, length, at >> 1, place)
    }
    return place
  }

  #reach(place: number, length: number, edge: number, before: number): void {
    if (this.lengths[place] === unreached) {
      if (this.count === this.touched.length) this.#grow()
      this.touched[this.count++] = place
      if (place < this.#closed) this.entries[this.entered++] = place
    }
    this.lengths[place] = length
    this.arrivals[place * 2] = edge
    this.arrivals[place * 2 + 1] = before
    if (place >= this.#closed) this.queue.push(length, place)
  }

  #grow(): void {
    const grown = new Int32Array(this.touched.length * 2)
    grown.set(this.touched)
    this.touched = grown
  }
}
