import type { Position } from '../../coordinates/position.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { textAt } from '../../graph/text-table.ts'
import { instructionsFor, type LegOfPath } from '../guidance/instructions-for.ts'
import type { InstructionLanguage } from '../guidance/instruction.ts'
import type { RouteLeg, RouteWay } from '../port/route-request.ts'
import type { SnappedPoint } from '../port/router.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import { annotate } from './annotations.ts'
import { pathMetres } from './path-lengths.ts'
import type { RoadPath } from './road-path.ts'
import { appendGeometry } from './way-geometry.ts'

interface WayOptions {
  readonly instructions: InstructionLanguage | false
  readonly annotations: boolean
  /** Grams of CO₂ equivalent per metre. */
  readonly grams?: number | undefined
}

/** Draws and describes a way: `paths[n]` leads from `places[n]` to `places[n + 1]`. */
export function describeWay(
  graph: RoadGraph,
  paths: readonly RoadPath[],
  places: readonly RoadPlace[],
  { instructions, annotations, grams }: WayOptions,
): RouteWay {
  const geometry: Position[] = []
  const legs: RouteLeg[] = []
  const drawn: LegOfPath[] = []
  let distance = 0
  let duration = 0
  for (const [index, path] of paths.entries()) {
    const from = places[index]!
    const to = places[index + 1]!
    const first = Math.max(0, geometry.length - 1)
    const starts = appendGeometry(graph, path, { from, to, geometry })
    const metres = pathMetres(graph, path)
    legs.push({
      distance: metres,
      duration: path.duration / 1_000,
      from: snappedPoint(graph, from),
      to: snappedPoint(graph, to),
      first,
      last: geometry.length - 1,
      ...(grams === undefined ? {} : { co2e: metres * grams }),
      ...(annotations ? { annotations: annotate(graph, path, { geometry, starts }) } : {}),
    })
    drawn.push({ path, starts, last: geometry.length - 1 })
    distance += metres
    duration += path.duration / 1_000
  }
  return {
    distance,
    duration,
    geometry,
    legs,
    instructions: instructions === false ? [] : instructionsFor(graph, drawn, { geometry, language: instructions }),
  }
}

/** What a request's answer says of a place. */
export function snappedPoint(graph: RoadGraph, { position, distance, road }: RoadPlace): SnappedPoint {
  return { position, distance, name: textAt(graph.texts, graph.roads.names[road]!) }
}
