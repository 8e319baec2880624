import type { RoadGraph } from '../../graph/road-graph.ts'
import type { MatchedPart } from '../port/match-request.ts'
import { describeWay } from '../route/describe-way.ts'
import type { RoadPath } from '../route/road-path.ts'
import type { RoadSearch } from '../route/road-search.ts'
import type { RoadPlace } from '../snap/road-place.ts'
import type { MatchedFix } from './match-fixes.ts'

/** Draws the way over matched places. */
export function matchedPart(graph: RoadGraph, search: RoadSearch, fixes: readonly MatchedFix[]): MatchedPart {
  const places: RoadPlace[] = []
  const paths: RoadPath[] = []
  for (const { place } of fixes) {
    const before = places.at(-1)
    // The table that linked the two found a way.
    if (before !== undefined) paths.push(search.path(before, place)!)
    places.push(place)
  }
  return {
    ...describeWay(graph, paths, places, { instructions: false, annotations: false }),
    firstFix: fixes[0]!.fix,
    lastFix: fixes.at(-1)!.fix,
  }
}
