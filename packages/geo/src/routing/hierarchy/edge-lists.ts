import type { WeightedGraph } from '../../graph/weighted-graph.ts'

/** From the node that holds the half to its other end. */
export const outward = 1
/** From the other end to the node that holds the half. */
export const inward = 2
const bothWays = 3
/** Stands for an arc that is not there. */
export const noArc = -(2 ** 31)

/** An edge to be added between two nodes. */
export interface NewEdge {
  readonly owner: number
  readonly target: number
  readonly weight: number
  /** `outward`, `inward` or both, as the owner sees it. */
  readonly ways: number
  /** Halves of the node between that lead to the owner and to the target; complements of arcs, or `noArc`, where there is none. */
  readonly toOwner: number
  readonly toTarget: number
  /** How many arcs it stands for. */
  readonly hops: number
}

/**
 * The graph while it is contracted: every edge is two halves, `2 * edge` at one end and `2 * edge + 1` at the other, each in
 * the list of its node. Both directions share an edge where they weigh the same.
 */
export class EdgeLists {
  readonly first: Int32Array
  next: Int32Array
  targets: Int32Array
  ways: Uint8Array
  weights: Int32Array
  hops: Int32Array
  /** Per half: `toOwner` of its edge, seen from the half's owner. */
  children: Int32Array
  /** Edges in use. */
  edges = 0
  /** Whether every edge leads both ways. */
  symmetric = true

  constructor(graph: WeightedGraph) {
    const capacity = Math.max(16, graph.heads.length)
    this.first = new Int32Array(graph.nodes).fill(-1)
    this.next = new Int32Array(capacity * 2)
    this.targets = new Int32Array(capacity * 2)
    this.ways = new Uint8Array(capacity * 2)
    this.weights = new Int32Array(capacity)
    this.hops = new Int32Array(capacity)
    this.children = new Int32Array(capacity * 2)
    this.#addAll(graph)
  }

  /** Adds an edge, or betters the ones that lead the same way; what is no better than they are is left out. */
  put(edge: NewEdge): void {
    let { ways } = edge
    let free = -1
    for (let half = this.first[edge.owner]!; half >= 0; half = this.next[half]!) {
      if (this.targets[half] !== edge.target) continue
      const common = this.ways[half]! & ways
      if (common === 0) continue
      if (this.weights[half >> 1]! <= edge.weight) ways &= ~common
      else if (this.#narrow(half, this.ways[half]! & ~common) === 0) {
        if (free >= 0) this.#remove(free)
        free = half
      }
    }
    if (ways === 0) {
      if (free >= 0) this.#remove(free)
      return
    }
    if (ways !== bothWays) this.symmetric = false
    this.#write(free >= 0 ? free : this.#append(edge), { ...edge, ways })
  }

  /** Takes a contracted node out of its neighbours' lists; its own list stays and holds what leads upwards. */
  detach(node: number): void {
    for (let half = this.first[node]!; half >= 0; half = this.next[half]!) this.#unlink(half ^ 1, this.targets[half]!)
  }

  #addAll({ nodes, first, heads, weights }: WeightedGraph): void {
    for (let tail = 0; tail < nodes; tail++)
      for (let arc = first[tail]!; arc < first[tail + 1]!; arc++) {
        const head = heads[arc]!
        const back = arcBetween(first, heads, head, tail)
        const shared = back >= 0 && weights[back] === weights[arc]
        if (shared && tail > head) continue
        if (!shared) this.symmetric = false
        const edge = { owner: tail, target: head, weight: weights[arc]!, ways: shared ? bothWays : outward, hops: 1 }
        this.#write(this.#append(edge), { ...edge, toOwner: shared ? ~back : noArc, toTarget: ~arc })
      }
  }

  #narrow(half: number, ways: number): number {
    this.ways[half] = ways
    this.ways[half ^ 1] = swapped(ways)
    return ways
  }

  #append({ owner, target }: Pick<NewEdge, 'owner' | 'target'>): number {
    if (this.edges === this.weights.length) this.#grow()
    const half = this.edges++ * 2
    this.next[half] = this.first[owner]!
    this.first[owner] = half
    this.next[half + 1] = this.first[target]!
    this.first[target] = half + 1
    return half
  }

  #write(half: number, { owner, target, weight, ways, toOwner, toTarget, hops }: NewEdge): void {
    this.targets[half] = target
    this.targets[half ^ 1] = owner
    this.#narrow(half, ways)
    this.weights[half >> 1] = weight
    this.hops[half >> 1] = hops
    this.children[half] = toOwner
    this.children[half ^ 1] = toTarget
  }

  #remove(half: number): void {
    this.#unlink(half, this.targets[half ^ 1]!)
    this.#unlink(half ^ 1, this.targets[half]!)
  }

  #unlink(half: number, owner: number): void {
    if (this.first[owner] === half) {
      this.first[owner] = this.next[half]!
      return
    }
    let before = this.first[owner]!
    while (this.next[before] !== half) before = this.next[before]!
    this.next[before] = this.next[half]!
  }

  #grow(): void {
    const capacity = Math.ceil(this.weights.length * 1.5)
    this.next = resized(this.next, capacity * 2)
    this.targets = resized(this.targets, capacity * 2)
    this.children = resized(this.children, capacity * 2)
    this.weights = resized(this.weights, capacity)
    this.hops = resized(this.hops, capacity)
    const ways = new Uint8Array(capacity * 2)
    ways.set(this.ways)
    this.ways = ways
  }
}

/** The ways of the other half of an edge. */
function swapped(ways: number): number {
  return ((ways & outward) << 1) | (ways >> 1)
}

function arcBetween(first: Int32Array, heads: Int32Array, tail: number, head: number): number {
  for (let arc = first[tail]!; arc < first[tail + 1]!; arc++) if (heads[arc] === head) return arc
  return -1
}

function resized(values: Int32Array, length: number): Int32Array {
  const grown = new Int32Array(length)
  grown.set(values)
  return grown
}
