import type { RoadEdges, RoadTurns } from '../road-graph.ts'
import type { SequenceAutomaton } from './sequence-automaton.ts'
import type { TurnCost } from './turn-cost.ts'

/** What the states are made of. */
export interface TurnInput {
  readonly edges: Pick<RoadEdges, 'first' | 'heads'>
  readonly automaton: SequenceAutomaton
  readonly cost: TurnCost
  /** Whether an edge may be used only to start or end there. */
  readonly isNoThrough: (edge: number) => boolean
}

/** An edge that was travelled, what came before as far as it matters, and whether the route must end on roads like this one. */
interface Copy {
  readonly edge: number
  readonly sequence: number
  readonly isEnding: boolean
}

/**
 * Expands edges to states: each edge once for a start on it, and once more for each history to which other rules apply.
 * Whoever starts on a road that may not be passed through may leave it; whoever enters one may not leave such roads again.
 */
export function expandTurns(input: TurnInput): RoadTurns {
  const count = input.edges.heads.length
  const states = new States(input, count)
  for (let state = 0; state < states.size; state++) states.forEachArc(state, () => {})
  const place = states.sortedPlaces()
  const order = new Int32Array(states.size)
  place.forEach((to, state) => (order[to] = state))
  const first = new Int32Array(states.size + 1)
  const heads: number[] = []
  const costs: number[] = []
  order.forEach((state, at) => {
    states.forEachArc(state, (head, cost) => {
      heads.push(place[head]!)
      costs.push(cost)
    })
    first[at + 1] = heads.length
  })
  const edges = Int32Array.from(order, (state) => states.edgeOf(state))
  return {
    edges,
    firstCopy: firstCopies(edges, count),
    first,
    heads: Int32Array.from(heads),
    costs: Int32Array.from(costs),
  }
}

class States {
  readonly #input: TurnInput
  readonly #count: number
  readonly #copies: Copy[] = []
  readonly #known = new Map<number, number>()
  readonly #plain: Int32Array

  constructor(input: TurnInput, count: number) {
    this.#input = input
    this.#count = count
    // No sequence is of one edge, so a first step is never forbidden.
    this.#plain = Int32Array.from({ length: count }, (_, edge) => input.automaton.step(0, edge))
  }

  get size(): number {
    return this.#count + this.#copies.length
  }

  edgeOf(state: number): number {
    return state < this.#count ? state : this.#copies[state - this.#count]!.edge
  }

  forEachArc(state: number, visit: (head: number, cost: number) => void): void {
    const { edges, automaton, cost, isNoThrough } = this.#input
    const { edge, sequence, isEnding } = this.#stateOf(state)
    const isWithin = isNoThrough(edge)
    const node = edges.heads[edge]!
    for (let next = edges.first[node]!; next < edges.first[node + 1]!; next++) {
      if (isEnding && !isNoThrough(next)) continue
      const turn = cost(edge, next)
      const after = turn < 0 ? -1 : automaton.step(sequence, next)
      if (after < 0) continue
      const ends = isEnding || (!isWithin && isNoThrough(next))
      visit(this.#placeOf({ edge: next, sequence: after, isEnding: ends }), turn)
    }
  }

  /** Where the states go: the plain ones stay, the copies are sorted by edge. */
  sortedPlaces(): Int32Array {
    const places = Int32Array.from({ length: this.size }, (_, state) => state)
    const copies = [...this.#copies.keys()].sort((a, b) => this.#copies[a]!.edge - this.#copies[b]!.edge || a - b)
    copies.forEach((copy, index) => (places[this.#count + copy] = this.#count + index))
    return places
  }

  #stateOf(state: number): Copy {
    return state < this.#count
      ? { edge: state, sequence: this.#plain[state]!, isEnding: false }
      : this.#copies[state - this.#count]!
  }

  #placeOf(copy: Copy): number {
    const { edge, sequence, isEnding } = copy
    if (!isEnding && sequence === this.#plain[edge]) return edge
    const key = (edge * this.#input.automaton.size + sequence) * 2 + (isEnding ? 1 : 0)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const state = this.#count + this.#copies.push(copy) - 1
    this.#known.set(key, state)
    return state
  }
}

function firstCopies(edges: Int32Array, count: number): Int32Array {
  const first = new Int32Array(count + 1)
  for (let state = count; state < edges.length; state++) first[edges[state]! + 1]!++
  first[0] = count
  for (let edge = 0; edge < count; edge++) first[edge + 1]! += first[edge]!
  return first
}
