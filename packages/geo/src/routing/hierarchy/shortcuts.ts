import { inward, outward, type EdgeLists } from './edge-lists.ts'
import { WitnessSearch } from './witness-search.ts'

/** Which shortcuts a node's contraction needs, found without changing the graph. */
export class Shortcuts {
  /** How many edges contracting the node would add and take away, and how many arcs they stand for. */
  added = 0
  addedHops = 0
  removed = 0
  removedHops = 0
  readonly #edges: EdgeLists
  readonly #witness: WitnessSearch
  /** The node's neighbours, and the halves that lead from and to them, -1 for none. */
  readonly #neighbours: number[] = []
  readonly #incoming: number[] = []
  readonly #outgoing: number[] = []
  #needed = new Uint8Array(256)

  constructor(edges: EdgeLists) {
    this.#edges = edges
    this.#witness = new WitnessSearch(edges)
  }

  /** Finds the shortcuts of `node`. */
  find(node: number): void {
    this.#collect(node)
    const count = this.#neighbours.length
    if (count * count > this.#needed.length) this.#needed = new Uint8Array(count * count * 2)
    this.#needed.fill(0, 0, count * count)
    for (let from = 0; from < count; from++) this.#findFrom(node, from)
    this.#measure(node)
  }

  /** Adds what the last `find` found. */
  add(): void {
    const count = this.#neighbours.length
    for (let from = 0; from < count; from++)
      for (let to = from + 1; to < count; to++) {
        const there = this.#needed[from * count + to] === 1
        const back = this.#needed[to * count + from] === 1
        if (there && back && this.#weight(from, to) === this.#weight(to, from) && this.#isShared(from, to))
          this.#put(from, to, outward | inward)
        else {
          if (there) this.#put(from, to, outward)
          if (back) this.#put(to, from, outward)
        }
      }
  }

  #collect(node: number): void {
    const { first, next, targets, ways } = this.#edges
    this.#neighbours.length = 0
    for (let half = first[node]!; half >= 0; half = next[half]!) {
      const target = targets[half]!
      let at = this.#neighbours.indexOf(target)
      if (at < 0) {
        at = this.#neighbours.push(target) - 1
        this.#incoming[at] = -1
        this.#outgoing[at] = -1
      }
      if ((ways[half]! & inward) !== 0) this.#incoming[at] = half
      if ((ways[half]! & outward) !== 0) this.#outgoing[at] = half
    }
  }

  #findFrom(node: number, from: number): void {
    if (this.#incoming[from]! < 0) return
    const count = this.#neighbours.length
    const { weights, symmetric } = this.#edges
    const begin = symmetric ? from + 1 : 0
    const here = weights[this.#incoming[from]! >> 1]!
    let limit = -1
    for (let to = begin; to < count; to++)
      if (to !== from && this.#outgoing[to]! >= 0) limit = Math.max(limit, here + weights[this.#outgoing[to]! >> 1]!)
    if (limit < 0) return
    this.#witness.run(this.#neighbours[from]!, node, limit)
    for (let to = begin; to < count; to++) {
      if (to === from || this.#outgoing[to]! < 0) continue
      if (this.#witness.lengths[this.#neighbours[to]!]! <= here + weights[this.#outgoing[to]! >> 1]!) continue
      this.#needed[from * count + to] = 1
      if (symmetric) this.#needed[to * count + from] = 1
    }
  }

  #measure(node: number): void {
    const { first, next, hops } = this.#edges
    const count = this.#neighbours.length
    this.removed = 0
    this.removedHops = 0
    for (let half = first[node]!; half >= 0; half = next[half]!) {
      this.removed++
      this.removedHops += hops[half >> 1]!
    }
    this.added = 0
    this.addedHops = 0
    for (let from = 0; from < count; from++)
      for (let to = from + 1; to < count; to++) {
        const there = this.#needed[from * count + to] === 1
        if (!there && this.#needed[to * count + from] !== 1) continue
        this.added++
        this.addedHops += there ? this.#hops(from, to) : this.#hops(to, from)
      }
  }

  /** Whether the two directions run over the same two edges, so that one edge can stand for both. */
  #isShared(from: number, to: number): boolean {
    return this.#incoming[from] === this.#outgoing[from] && this.#incoming[to] === this.#outgoing[to]
  }

  #weight(from: number, to: number): number {
    return this.#edges.weights[this.#incoming[from]! >> 1]! + this.#edges.weights[this.#outgoing[to]! >> 1]!
  }

  #hops(from: number, to: number): number {
    return this.#edges.hops[this.#incoming[from]! >> 1]! + this.#edges.hops[this.#outgoing[to]! >> 1]!
  }

  #put(from: number, to: number, ways: number): void {
    this.#edges.put({
      owner: this.#neighbours[from]!,
      target: this.#neighbours[to]!,
      weight: this.#weight(from, to),
      ways,
      toOwner: this.#incoming[from]!,
      toTarget: this.#outgoing[to]!,
      hops: this.#hops(from, to),
    })
  }
}
