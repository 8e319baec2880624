import type { RoadGraph } from '../../graph/road-graph.ts'
import { stateGraph } from '../../graph/state-graph.ts'
import type { WeightedGraph } from '../../graph/weighted-graph.ts'
import { closedEdge } from '../route/edge-part.ts'
import { closedArc } from './edge-weights.ts'

/** What leads from state to state, whatever it weighs. Of several ways between the same two the lightest counts. */
export class StateArcs {
  readonly graph: WeightedGraph
  readonly #edges: Int32Array
  readonly #costs: Int32Array | undefined
  /** Per edge or arc of `turns` its place in the graph, -1 for those from a state to itself. */
  readonly #places: Int32Array

  constructor(roads: RoadGraph) {
    const { edges, turns } = roads
    this.graph = stateGraph(roads)
    this.#costs = turns?.costs
    this.#edges =
      turns === undefined ? edges.heads.map((_, edge) => edge) : turns.heads.map((state) => turns.edges[state]!)
    this.#places = placesIn(this.graph, turns === undefined ? edges : { tails: tailsOf(turns), heads: turns.heads })
  }

  /** Weights for those of the edges. */
  weigh(edgeWeights: Int32Array): { readonly weights: Int32Array; readonly origins: Int32Array } {
    const weights = new Int32Array(this.graph.heads.length).fill(closedArc)
    const origins = this.graph.origins.slice()
    for (let origin = 0; origin < this.#places.length; origin++) {
      const place = this.#places[origin]!
      const weight = edgeWeights[this.#edges[origin]!]!
      if (place < 0 || weight === closedEdge) continue
      const whole = weight + (this.#costs === undefined ? 0 : this.#costs[origin]!)
      if (whole >= weights[place]!) continue
      weights[place] = whole
      origins[place] = origin
    }
    return { weights, origins }
  }
}

function tailsOf({ edges, first, heads }: NonNullable<RoadGraph['turns']>): Int32Array {
  const tails = new Int32Array(heads.length)
  for (let state = 0; state < edges.length; state++) tails.fill(state, first[state]!, first[state + 1]!)
  return tails
}

function placesIn(
  { first, heads }: WeightedGraph,
  lists: { readonly tails: Int32Array; readonly heads: Int32Array },
): Int32Array {
  return lists.tails.map((tail, origin) => {
    const head = lists.heads[origin]!
    if (tail === head) return -1
    let place = first[tail]!
    while (heads[place] !== head) place++
    return place
  })
}
