import type { RoadGraph } from '../../graph/road-graph.ts'
import type { Search } from '../hierarchy/search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import { departures, type Departure } from './departures.ts'
import { arrivals, type Arrival } from './arrivals.ts'
import { edgesOver, partOf, shareOf } from './edge-part.ts'
import type { RoadPath } from './road-path.ts'

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

  /** Milliseconds, undefined where no way leads. */
  duration(from: RoadPlace, to: RoadPlace): number | undefined {
    const { best, direct } = this.#find(from, to)
    if (best === undefined) return direct?.duration
    return direct === undefined ? best : Math.min(best, direct.duration)
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
