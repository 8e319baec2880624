import type { Simulation } from '@exprsn/core/testing'
import { checkSolution, reoptimise, solve } from '@exprsn/geo/optimize'
import { everyFeature, simulateOptimise } from './optimise/storm.ts'

/** Random problems with every constraint mixed: each plan is checked by code that shares nothing with the solver. */
export const simulation: Simulation = {
  name: 'optimise',
  expectedFaults: [...everyFeature],
  run: (seed) => simulateOptimise(seed, { solve, reoptimise }, checkSolution),
}
