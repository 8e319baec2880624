import type { RoadGraph } from '../../graph/road-graph.ts'
import { routingErrors } from '../errors.ts'
import { languages } from '../guidance/languages.ts'
import { createSearch } from '../hierarchy/search.ts'
import { cellArea } from '../isochrone/cell-area.ts'
import { earliestEntries } from '../isochrone/earliest-entries.ts'
import { reachedPieces } from '../isochrone/reached-pieces.ts'
import { matchFixes } from '../matching/match-fixes.ts'
import { matchedPart } from '../matching/matched-part.ts'
import { describeWay, snappedPoint } from '../route/describe-way.ts'
import { gramsPerMetre } from '../route/emissions.ts'
import type { RoadPath } from '../route/road-path.ts'
import { RoadSearch } from '../route/road-search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import type { SegmentCells } from '../snap/segment-cells.ts'
import { snapPoints } from '../snap/snap-points.ts'
import { Snapper } from '../snap/snapper.ts'
import { RoadTable } from '../table/road-table.ts'
import { checkNumber, checkPoints, invalid } from './check-request.ts'
import type { IsochroneRequest, IsochroneResult } from './isochrone-request.ts'
import type { MatchRequest, MatchResult } from './match-request.ts'
import type { MatrixRequest, MatrixResult } from './matrix-request.ts'
import type { RouteRequest, RouteResult } from './route-request.ts'
import type { Prepared } from './prepared.ts'
import type { Router, SnappedPoint } from './router.ts'

/** A router over a graph in this process. */
export class LocalRouter implements Router {
  readonly #graph: RoadGraph
  readonly #cells: SegmentCells | undefined
  /** Made for the first request. */
  #snapperMade: Snapper | undefined
  readonly #search: RoadSearch
  readonly #table: RoadTable
  #closed = false

  constructor(graph: RoadGraph, { hierarchy, origins, cells }: Prepared) {
    this.#graph = graph
    this.#cells = cells
    this.#search = new RoadSearch(graph, origins, createSearch(hierarchy))
    this.#table = new RoadTable(graph, { origins, hierarchy, search: this.#search })
  }

  async route(request: RouteRequest): Promise<RouteResult> {
    this.#begin(request.signal)
    const points = checkPoints(request.points, 'points', request.radius)
    if (points.length < 2) throw invalid('points', 'a way needs two or more')
    const { instructions = 'en', annotations = false, alternatives = 0, emissions } = request
    if (!Number.isInteger(alternatives) || alternatives < 0 || alternatives > 5)
      throw invalid('alternatives', 'it is no whole number from 0 to 5')
    if (alternatives > 0 && points.length > 2) throw invalid('alternatives', 'they are for two points')
    const grams = emissions === undefined ? undefined : gramsPerMetre(emissions)
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
    const describe = (ways: readonly RoadPath[]) =>
      describeWay(this.#graph, ways, places as RoadPlace[], { instructions, annotations, grams })
    const others = alternatives === 0 ? [] : this.#search.alternatives(places[0]!, places[1]!, alternatives)
    return {
      found: true,
      ...describe(paths),
      ...(alternatives === 0 ? {} : { alternatives: others.map((path) => describe([path])) }),
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
    const described = (of: readonly (RoadPlace | undefined)[]) =>
      of.map((place) => place && snappedPoint(this.#graph, place))
    const found = described(starts)
    return {
      ...this.#table.between(starts, ends),
      sources: found,
      targets: ends === starts ? found : described(ends),
    }
  }

  async isochrone({ from, durations, radius, cell = 100, signal }: IsochroneRequest): Promise<IsochroneResult> {
    this.#begin(signal)
    const points = checkPoints([from], 'from', radius)
    if (!Array.isArray(durations) || durations.length === 0) throw invalid('durations', 'one or more are needed')
    for (const [index, duration] of durations.entries())
      checkNumber(duration ?? NaN, `durations[${index}]`, { least: 0, most: 500_000 })
    checkNumber(cell, 'cell', { least: 1, most: 100_000 })
    const [place] = snapPoints(this.#graph, this.#snapper, points)
    if (place === undefined) return { found: false, reason: 'no-road', point: 0 }
    const entries = earliestEntries(this.#graph, place, Math.max(...durations) * 1_000)
    const contours = durations.map((duration) => {
      const lines = reachedPieces(this.#graph, entries, { from: place, milliseconds: duration * 1_000 })
      return {
        duration,
        roads: { type: 'MultiLineString' as const, coordinates: lines },
        area: { type: 'MultiPolygon' as const, coordinates: cellArea(lines, cell) },
      }
    })
    return { found: true, contours, attribution: this.#graph.attribution }
  }

  async match({ fixes, accuracy = 10, radius = accuracy * 5, signal }: MatchRequest): Promise<MatchResult> {
    this.#begin(signal)
    checkNumber(accuracy, 'accuracy', { least: 0.1, most: 10_000 })
    const points = checkPoints(fixes, 'fixes', radius).map(({ position }) => position)
    const engine = { graph: this.#graph, snapper: this.#snapper, table: this.#table }
    const chains = matchFixes(engine, points, { accuracy, radius, signal })
    const places: (SnappedPoint | undefined)[] = points.map(() => undefined)
    for (const { fix, place } of chains.flat()) places[fix] = snappedPoint(this.#graph, place)
    return {
      parts: chains.map((chain) => matchedPart(this.#graph, this.#search, chain)),
      fixes: places,
      attribution: this.#graph.attribution,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #snapper(): Snapper {
    return (this.#snapperMade ??= new Snapper(this.#graph, this.#cells))
  }

  #begin(signal: AbortSignal | undefined): void {
    if (this.#closed) throw routingErrors.GEO_ROUTER_CLOSED()
    signal?.throwIfAborted()
  }
}
