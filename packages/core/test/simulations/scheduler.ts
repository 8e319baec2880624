import type { Simulation } from '@exprsn/core/testing'
import { runSeed } from './scheduler/run-seed.ts'

/** Replicas of a scheduler on one database under kills, stops, partitions, lost answers and clocks that go back. */
export const simulation: Simulation = {
  name: 'scheduler',
  expectedFaults: ['kill', 'stop', 'partition', 'lost-answer/write', 'lost-answer/commit', 'clock-back', 'pause'],
  run: (seed) => runSeed(seed),
}
