import { SeededRandom, type Simulation } from '@exprsn/core/testing'
import { buildGraph } from '@exprsn/geo/graph'
import { simulateRoads } from './roads/storm.ts'

/** Networks drawn by chance: the graph's ways and costs against travelling the raw data. */
export const simulation: Simulation = {
  name: 'road-graph',
  expectedFaults: [
    ...['one-way', 'no-through', 'dead-end', 'loop', 'barrier', 'delay', 'two-ways'],
    ...['no/node', 'no/1 ways', 'no/2 ways', 'no/3 ways', 'only/node', 'only/1 ways', 'only/2 ways', 'only/3 ways'],
  ],
  run: (seed) => simulateRoads(new SeededRandom(seed), buildGraph),
}
