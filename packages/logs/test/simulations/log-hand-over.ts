import type { Simulation } from '@exprsn/core/testing'
import { simulateHandOver } from './log-hand-over/simulate-hand-over.ts'

/** Several processes at one store: kills of any of them, power losses, calls that take turns, spools that change hands. */
export const simulation: Simulation = {
  name: 'log-hand-over',
  expectedFaults: ['kill', 'kill of the writer', 'power loss', 'hand over', 'adopt', 'pending', 'together'],
  run: (seed) => simulateHandOver(seed),
}
