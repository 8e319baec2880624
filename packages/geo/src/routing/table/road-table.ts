import type { RoadGraph } from '../../graph/road-graph.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { createMatrix, type Matrix } from '../hierarchy/matrix.ts'
import type { Seed } from '../hierarchy/search.ts'
import { arrivals } from '../route/arrivals.ts'
import { shareOf } from '../route/edge-part.ts'
import { departures } from '../route/departures.ts'
import { pathMetres } from '../route/path-lengths.ts'
import type { RoadSearch } from '../route/road-search.ts'
import type { RoadPlace } from '../snap/road-place.ts'

/** Durations and distances between places. */
export interface RoadTableResult {
  readonly rows: number
  readonly columns: number
  /** Seconds; NaN where no way leads. */
  readonly durations: Float64Array
  /** Metres; NaN likewise. */
  readonly distances: Float64Array
}

interface Engine {
  /** Per arc of the hierarchy's graph its edge, or its arc of `turns`. */
  readonly origins: Int32Array
  readonly hierarchy: Hierarchy
  readonly search: RoadSearch
}

type Places = readonly (RoadPlace | undefined)[]

/** Tables between places on roads, equal to single searches. */
export class RoadTable {
  readonly #graph: RoadGraph
  readonly #engine: Engine
  /** Made for the first table. */
  #matrix: Matrix | undefined

  constructor(graph: RoadGraph, engine: Engine) {
    this.#graph = graph
    this.#engine = engine
  }

  between(starts: Places, ends: Places): RoadTableResult {
    const graph = this.#graph
    this.#matrix ??= createMatrix(this.#engine.hierarchy, { values: arcLengths(graph, this.#engine.origins) })
    const sources = starts.map((place) => (place === undefined ? [] : sourceSeeds(graph, place)))
    const targets = ends.map((place) => (place === undefined ? { seeds: [], ahead: 0 } : targetSeeds(graph, place)))
    const { rows, columns, lengths, totals } = this.#matrix.between(
      sources,
      targets.map(({ seeds }) => seeds),
    )
    // The matrix keeps no hold of its answer.
    const [durations, distances] = [lengths, totals]
    const ahead = Float64Array.from(targets, (target) => target.ahead)
    for (let pair = 0, row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++, pair++) {
        durations[pair] = (lengths[pair]! - ahead[column]!) / 1_000
        distances[pair] = totals[pair]! / 100
      }
    this.#correct(starts, ends, { rows, columns, durations, distances })
    return { rows, columns, durations, distances }
  }

  /** Pairs on one edge: whether the end lies ahead of the start or behind it is not seen from the states alone. */
  #correct(starts: Places, ends: Places, { columns, durations, distances }: RoadTableResult): void {
    const byRoad = new Map<number, number[]>()
    for (const [column, end] of ends.entries())
      if (end !== undefined) byRoad.set(end.road, [...(byRoad.get(end.road) ?? []), column])
    for (const [row, start] of starts.entries())
      for (const column of start === undefined ? [] : (byRoad.get(start.road) ?? [])) {
        const path = this.#engine.search.path(start!, ends[column]!)
        durations[row * columns + column] = path === undefined ? NaN : path.duration / 1_000
        distances[row * columns + column] = path === undefined ? NaN : pathMetres(this.#graph, path)
      }
  }
}

/** Per arc of the searched graph the centimetres of the edge that it stands for or leads to. */
function arcLengths({ edges, roads, turns }: RoadGraph, origins: Int32Array): Int32Array {
  return origins.map((origin) => {
    const edge = turns === undefined ? origin : turns.edges[turns.heads[origin]!]!
    return roads.lengths[edges.roads[edge]! >> 1]!
  })
}

function sourceSeeds(graph: RoadGraph, place: RoadPlace): Seed[] {
  return departures(graph, place).map(({ node, length, edge }) => ({
    node,
    length,
    total: Math.round(centimetres(graph, edge) * (1 - shareOf(graph, place, edge))),
  }))
}

function targetSeeds(graph: RoadGraph, place: RoadPlace) {
  const { seeds, ahead } = arrivals(graph, place)
  // A state stands for a whole edge, of which the rest is taken off again.
  const added = (edge: number) => shareOf(graph, place, edge) - (graph.turns === undefined ? 0 : 1)
  return {
    seeds: seeds.map(({ node, length, edge }) => ({
      node,
      length,
      total: Math.round(centimetres(graph, edge) * added(edge)),
    })),
    ahead,
  }
}

function centimetres({ edges, roads }: RoadGraph, edge: number): number {
  return roads.lengths[edges.roads[edge]! >> 1]!
}
