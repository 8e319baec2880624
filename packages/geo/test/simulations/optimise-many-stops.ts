import type { Simulation } from '@exprsn/core/testing'
import { checkSolution, solve } from '@exprsn/geo/optimize'
import { manyStopsFeatures, simulateManyStops } from './optimise/many-stops.ts'

/** Problems so large that stops are left out while a search is hot: plans are checked, and nothing found is given up for less. */
export const simulation: Simulation = {
  name: 'optimise-many-stops',
  expectedFaults: [...manyStopsFeatures, 'vehicles saved'],
  run: (seed) => simulateManyStops(seed, { solve }, checkSolution),
}
