import type { Simulation } from '@exprsn/core/testing'
import * as engine from '@exprsn/geo/routing'
import { checkExtract } from '../routing/check-extract.ts'
import { customisedEngine } from '../routing/customised-engine.ts'
import { differenceFromDijkstra } from '../routing/hierarchy-check.ts'

/**
 * A random town, and one state of a real network to 2,000 others of it, against Dijkstra, for both engines; the customisable one
 * with other weights and closed arcs every time. Each of twenty networks (five extracts
 * for four profiles) comes once in twenty seeds: 1,000 seeds are 100,000 pairs of each.
 */
export const simulation: Simulation = {
  name: 'routes',
  expectedFaults: ['unreachable', 'same state', 'closed'],
  async run(seed) {
    const towns = [differenceFromDijkstra(seed, engine), differenceFromDijkstra(seed, customisedEngine())]
    const { violations, ...faults } = await checkExtract(seed)
    const differences = towns.flatMap((town) => (town === undefined ? [] : [`town: ${town}`]))
    return { faults: { ...faults }, violations: [...differences, ...violations] }
  },
}
