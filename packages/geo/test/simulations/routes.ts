import type { Simulation } from '@exprsn/core/testing'
import * as engine from '@exprsn/geo/routing'
import { checkExtract } from '../routing/check-extract.ts'
import { differenceFromDijkstra } from '../routing/hierarchy-check.ts'

/**
 * A random town, and one state of a real network to 2,000 others of it, against Dijkstra. Each of twenty networks (five extracts
 * for four profiles) comes once in twenty seeds: 1,000 seeds are 100,000 pairs of each.
 */
export const simulation: Simulation = {
  name: 'routes',
  expectedFaults: ['unreachable', 'same state'],
  async run(seed) {
    const town = differenceFromDijkstra(seed, engine)
    const { violations, ...faults } = await checkExtract(seed)
    return { faults: { ...faults }, violations: town === undefined ? violations : [`town: ${town}`, ...violations] }
  },
}
