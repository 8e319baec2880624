import type { Adjacency } from './adjacency.ts'

/** Levels begin anew before they could overflow. */
const highestLevel = 2 ** 30

/**
 * How many separate ways lead from some nodes of a cell to others, and so how few links part them (Dinic 1970): each link
 * carries one, either way. Memory is kept and nothing is cleared between runs: what is older than the run does not count, so
 * that a round costs no more than the nodes between the two ends.
 */
export class UnitFlow {
  readonly #adjacency: Adjacency
  /** Per link whether it leads out of the cell. */
  readonly #isCut: Uint8Array
  readonly #flow: Int8Array
  /** Links that carry something. */
  readonly #used: number[] = []
  /** The runs in which a node was a source, and a sink, last. */
  readonly #sourceIn: Int32Array
  readonly #sinkIn: Int32Array
  #run = 0
  /** Distances from the sources, above `#base` where they were found in the last round. */
  readonly #levels: Int32Array
  #base = 0
  #top = 0
  readonly #next: Int32Array
  readonly #queue: Int32Array
  /** Sources from which a link leads to others. */
  #starts: number[] = []

  constructor(adjacency: Adjacency, isCut: Uint8Array) {
    this.#adjacency = adjacency
    this.#isCut = isCut
    this.#flow = new Int8Array(adjacency.heads.length)
    this.#sourceIn = new Int32Array(adjacency.nodes)
    this.#sinkIn = new Int32Array(adjacency.nodes)
    this.#levels = new Int32Array(adjacency.nodes)
    this.#next = new Int32Array(adjacency.nodes)
    this.#queue = new Int32Array(adjacency.nodes + 1)
  }

  /** From the first `ends` nodes of a cell to the last ones; gives up, and returns `limit`, where there are so many. */
  run(cell: Int32Array, ends: number, limit: number): number {
    this.#begin(cell, ends)
    let flow = 0
    while (flow < limit && this.#layer()) for (const start of this.#starts) while (this.#augment(start)) flow++
    for (const link of this.#used) this.#flow[link] = 0
    this.#used.length = 0
    return Math.min(flow, limit)
  }

  /** After a run that did not give up: whether a node is on the side of the sources. */
  isReached(node: number): boolean {
    return this.#sourceIn[node] === this.#run || this.#levels[node]! > this.#base
  }

  #begin(cell: Int32Array, ends: number): void {
    const { first, heads } = this.#adjacency
    const run = ++this.#run
    for (let at = 0; at < ends; at++) this.#sourceIn[cell[at]!] = run
    for (let at = cell.length - ends; at < cell.length; at++) this.#sinkIn[cell[at]!] = run
    this.#starts = []
    for (let at = 0; at < ends; at++) {
      const node = cell[at]!
      let link = first[node]!
      const end = first[node + 1]!
      while (link < end && (this.#isCut[link] === 1 || this.#sourceIn[heads[link]!] === run)) link++
      if (link < end) this.#starts.push(node)
    }
  }

  /** Levels by distance from the sources; whether a sink is reached. */
  #layer(): boolean {
    const { first, heads } = this.#adjacency
    const run = this.#run
    const levels = this.#levels
    const next = this.#next
    const queue = this.#queue
    if (this.#top > highestLevel) {
      levels.fill(0)
      this.#top = 0
    }
    const base = (this.#base = this.#top + 1)
    let end = 0
    for (const node of this.#starts) {
      levels[node] = base + 1
      next[node] = first[node]!
      queue[end++] = node
    }
    let reached = 0
    let level = base + 1
    for (let at = 0; at < end; at++) {
      const node = queue[at]!
      level = levels[node]! + 1
      if (reached > 0 && level > reached) break
      for (let link = first[node]!; link < first[node + 1]!; link++) {
        const head = heads[link]!
        if (levels[head]! > base || this.#sourceIn[head] === run) continue
        if (this.#isCut[link] === 1 || this.#flow[link]! > 0) continue
        levels[head] = level
        next[head] = first[head]!
        queue[end++] = head
        if (this.#sinkIn[head] === run) reached = level
      }
    }
    this.#top = level
    return reached > 0
  }

  /** One more way along rising levels, if there is one. */
  #augment(start: number): boolean {
    const { first, heads, reverse } = this.#adjacency
    const levels = this.#levels
    const path = this.#queue
    const next = this.#next
    let depth = 0
    let node = start
    while (this.#sinkIn[node] !== this.#run) {
      const end = first[node + 1]!
      const level = levels[node]! + 1
      let link = next[node]!
      while (link < end && (levels[heads[link]!] !== level || this.#isCut[link] === 1 || this.#flow[link]! > 0)) link++
      next[node] = link
      if (link < end) {
        path[depth++] = link
        node = heads[link]!
      } else {
        if (depth === 0) return false
        node = heads[reverse[path[--depth]!]!]!
        next[node]!++
      }
    }
    for (let at = 0; at < depth; at++) {
      const link = path[at]!
      this.#flow[link]!++
      this.#flow[reverse[link]!]!--
      this.#used.push(link, reverse[link]!)
    }
    return true
  }
}
