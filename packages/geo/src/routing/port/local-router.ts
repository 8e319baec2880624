import type { RoadGraph } from '../../graph/road-graph.ts'
import { stateGraph } from '../../graph/state-graph.ts'
import { routingErrors } from '../errors.ts'
import { languages } from '../guidance/languages.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { createSearch } from '../hierarchy/search.ts'
import { describeWay, snappedPoint } from '../route/describe-way.ts'
import type { RoadPath } from '../route/road-path.ts'
import { RoadSearch } from '../route/road-search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import { snapPoints } from '../snap/snap-points.ts'
import { Snapper } from '../snap/snapper.ts'
import { RoadTable } from '../table/road-table.ts'
import { checkNumber, checkPoints, invalid } from './check-request.ts'
import type { MatrixRequest, MatrixResult } from './matrix-request.ts'
import type { RouteRequest, RouteResult } from './route-request.ts'
import type { Router } from './router.ts'

/** A router over a graph in this process. */
export class LocalRouter implements Router {
  readonly #graph: RoadGraph
  readonly #snapper: Snapper
  readonly #search: RoadSearch
  readonly #table: RoadTable
  #closed = false

  constructor(graph: RoadGraph, hierarchy: Hierarchy) {
    const states = stateGraph(graph)
    this.#graph = graph
    this.#snapper = new Snapper(graph)
    this.#search = new RoadSearch(graph, states, createSearch(hierarchy))
    this.#table = new RoadTable(graph, { states, hierarchy, search: this.#search })
  }

  async route(request: RouteRequest): Promise<RouteResult> {
    this.#begin(request.signal)
    const points = checkPoints(request.points, 'points', request.radius)
    if (points.length < 2) throw invalid('points', 'a way needs two or more')
    checkNumber(request.alternatives, 'alternatives', { least: 0, most: 10 })
    const { instructions = 'en', annotations = false } = request
    if (instructions !== false && !Object.hasOwn(languages, instructions))
      throw invalid('instructions', `there is no language "${String(instructions)}"`)
    const places = snapPoints(this.#graph, this.#snapper, points)
    const missing = places.indexOf(undefined)
    if (missing >= 0) return { found: false, reason: 'no-road', point: missing }
    const paths: RoadPath[] = []
    for (let leg = 0; leg + 1 < places.length; leg++) {
      request.signal?.throwIfAborted()
      const path = this.#search.path(places[leg]!, places[leg + 1]!)
      if (path === undefined) return { found: false, reason: 'unreachable', point: leg }
      paths.push(path)
    }
    return {
      found: true,
      ...describeWay(this.#graph, paths, places as RoadPlace[], { instructions, annotations }),
      alternatives: [],
      attribution: this.#graph.attribution,
    }
  }

  async matrix({ sources, targets = sources, radius, signal }: MatrixRequest): Promise<MatrixResult> {
    this.#begin(signal)
    const from = checkPoints(sources, 'sources', radius)
    const to = targets === sources ? [] : checkPoints(targets, 'targets', radius)
    const places = snapPoints(this.#graph, this.#snapper, [...from, ...to])
    const starts = places.slice(0, from.length)
    const ends = targets === sources ? starts : places.slice(from.length)
    const described = (place: RoadPlace | undefined) => place && snappedPoint(this.#graph, place)
    return {
      ...this.#table.between(starts, ends),
      sources: starts.map(described),
      targets: ends.map(described),
    }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #begin(signal: AbortSignal | undefined): void {
    if (this.#closed) throw routingErrors.GEO_ROUTER_CLOSED()
    signal?.throwIfAborted()
  }
}
