import type { Random } from '@exprsn/core'
import type { SimulationResult } from '@exprsn/core/testing'
import { profiles, type buildGraph } from '@exprsn/geo/graph'
import { compareNodes, compareRoads } from '../../graph/compare-roads.ts'
import { drawRoads } from '../../graph/draw-roads.ts'
import { NaiveRoads } from '../../graph/naive-roads.ts'
import { blockOf } from '../../osm/osm-items.ts'

/** Draws a network, builds its graphs, and compares all pairs: of edges for a car, of nodes for a bicycle. */
export async function simulateRoads(
  random: Random,
  build: typeof buildGraph,
): Promise<SimulationResult & { readonly pairs: number; readonly unreachable: number; readonly unusable: number }> {
  const { items, troubles } = drawRoads(random)
  const graph = await build([blockOf(items)], { profile: profiles.car })
  const { unusable } = graph.report.restrictions
  const naive = new NaiveRoads(items, profiles.car, new Set(unusable))
  const sources = (edges: number): number[] => [...new Array(edges).keys()]
  const { differences, ...counts } = compareRoads(graph, { naive, items, sources })
  const ride = await build([blockOf(items)], { profile: profiles.bike })
  const rides = compareNodes(ride, new NaiveRoads(items, profiles.bike, new Set()), items)
  const violations = [...differences.slice(0, 5), ...rides.differences.slice(0, 5)]
  return { faults: troubles, violations, unusable: unusable.length, ...counts, pairs: counts.pairs + rides.pairs }
}
