import type { RoadGraph } from '../../graph/road-graph.ts'
import type { Search } from '../hierarchy/search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import { departures, type Departure } from './departures.ts'
import { arrivals, type Arrival } from './arrivals.ts'
import { edgesOver, partOf, shareOf } from './edge-part.ts'
import { otherWays } from './other-ways.ts'
import type { RoadPath } from './road-path.ts'

/** Other ways take at most this many times as long as the fastest. */
const longestAlternative = 1.3
const mostTried = 200

/** Finds the fastest way between places on roads. */
export class RoadSearch {
  readonly #graph: RoadGraph
  readonly #origins: Int32Array
  readonly #search: Search

  constructor(graph: RoadGraph, origins: Int32Array, search: Search) {
    this.#graph = graph
    this.#origins = origins
    this.#search = search
  }

  path(from: RoadPlace, to: RoadPlace): RoadPath | undefined {
    const here = directPath(this.#graph, from, to)
    if (here?.duration === 0) return here
    const { best, direct, starts, ends } = this.#find(from, to)
    if (direct !== undefined && (best === undefined || direct.duration <= best)) return direct
    if (best === undefined) return undefined
    const [start, end] = this.#search.seeds()!
    return this.#path(from, to, { start: starts[start]!, end: ends.seeds[end]!, duration: best })
  }

  /** Up to so many other ways than the fastest, the next best first, as {@link otherWays} chooses them. */
  alternatives(from: RoadPlace, to: RoadPlace, count: number): RoadPath[] {
    const { best, direct, starts, ends } = this.#find(from, to)
    // Who stays on one edge has no other way.
    if (best === undefined || (direct !== undefined && direct.duration <= best)) return []
    const path = (duration: number) => {
      const [start, end] = this.#search.seeds()!
      return this.#path(from, to, { start: starts[start]!, end: ends.seeds[end]!, duration })
    }
    const search = this.#search
    const fastest = path(best)
    const longest = Math.floor(best * longestAlternative) + ends.ahead
    function* others() {
      for (let tried = 0; tried < mostTried; tried++) {
        const length = search.next(longest)
        if (length === undefined) return
        yield path(length - ends.ahead)
      }
    }
    return otherWays(this.#graph, fastest, { others: others(), count })
  }

  #find(from: RoadPlace, to: RoadPlace) {
    const direct = directPath(this.#graph, from, to)
    const starts = departures(this.#graph, from, to)
    const ends = arrivals(this.#graph, to)
    const length = this.#search.lengthBetween(starts, ends.seeds)
    return { direct, starts, ends, best: length === undefined ? undefined : length - ends.ahead }
  }

  #path(from: RoadPlace, to: RoadPlace, { start, end, duration }: Ends): RoadPath {
    const edges = [start.edge]
    const turnCosts = [0]
    const add = (edge: number, cost: number) => {
      edges.push(edge)
      turnCosts.push(cost)
    }
    const { turns } = this.#graph
    if (start.next !== undefined) add(start.next.edge, start.next.cost)
    for (const arc of this.#search.arcs()) {
      const origin = this.#origins[arc]!
      if (turns === undefined) add(origin, 0)
      else add(turns.edges[turns.heads[origin]!]!, turns.costs[origin]!)
    }
    if (turns === undefined) add(end.edge, 0)
    return {
      edges,
      turnCosts,
      from: shareOf(this.#graph, from, start.edge),
      to: shareOf(this.#graph, to, end.edge),
      duration,
    }
  }
}

interface Ends {
  readonly start: Departure
  readonly end: Arrival
  readonly duration: number
}

/** The way along one edge where the end lies ahead of the start. */
function directPath(graph: RoadGraph, from: RoadPlace, to: RoadPlace): RoadPath | undefined {
  if (from.road !== to.road) return undefined
  const ways = edgesOver(from)
    .filter((edge) => edgesOver(to).includes(edge) && partOf(graph, from, edge) <= partOf(graph, to, edge))
    .map((edge) => ({
      edges: [edge],
      turnCosts: [0],
      from: shareOf(graph, from, edge),
      to: shareOf(graph, to, edge),
      duration: partOf(graph, to, edge) - partOf(graph, from, edge),
    }))
  return ways.sort((a, b) => a.duration - b.duration)[0]
}
