import { IntHeap } from '../search/int-heap.ts'
import { outward, type EdgeLists } from './edge-lists.ts'

/** Farther than any path. */
export const unreached = 2 ** 31 - 1
const mostHops = 8
const mostSettled = 100

/**
 * Looks for ways around a node that is to be contracted: a Dijkstra search of a few hops and nodes. What it does not find
 * costs a shortcut that was not needed, never a wrong length.
 */
export class WitnessSearch {
  readonly lengths: Int32Array
  readonly #edges: EdgeLists
  readonly #hops: Uint8Array
  readonly #queue = new IntHeap()
  #touched = new Int32Array(1024)
  #count = 0

  constructor(edges: EdgeLists) {
    this.#edges = edges
    this.lengths = new Int32Array(edges.first.length).fill(unreached)
    this.#hops = new Uint8Array(edges.first.length)
  }

  /** Leaves in `lengths` the lengths of paths from `source` that pass `around`, up to `limit`; they hold until the next run. */
  run(source: number, around: number, limit: number): void {
    this.#forget()
    const { first, next, targets, ways, weights } = this.#edges
    const lengths = this.lengths
    const queue = this.#queue
    this.#reach(source, 0, 0)
    for (let settled = 0; queue.size > 0 && settled < mostSettled;) {
      const key = queue.least
      if (key > limit) break
      const node = queue.pop()
      const hops = this.#hops[node]!
      if (key > lengths[node]!) continue
      settled++
      if (hops === mostHops) continue
      for (let half = first[node]!; half >= 0; half = next[half]!) {
        if ((ways[half]! & outward) === 0) continue
        const target = targets[half]!
        const length = key + weights[half >> 1]!
        if (target === around || length > limit || length >= lengths[target]!) continue
        this.#reach(target, length, hops + 1)
      }
    }
  }

  #reach(node: number, length: number, hops: number): void {
    if (this.lengths[node] === unreached) {
      if (this.#count === this.#touched.length) this.#grow()
      this.#touched[this.#count++] = node
    }
    this.lengths[node] = length
    this.#hops[node] = hops
    this.#queue.push(length, node)
  }

  #forget(): void {
    for (let index = 0; index < this.#count; index++) this.lengths[this.#touched[index]!] = unreached
    this.#count = 0
    this.#queue.clear()
  }

  #grow(): void {
    const grown = new Int32Array(this.#touched.length * 2)
    grown.set(this.#touched)
    this.#touched = grown
  }
}
