import type { Simulation } from '@exprsn/core/testing'
import { createFences } from '@exprsn/geo/fence'
import { simulateFences } from './fences/storm.ts'

/** Vehicles with inexact, late, doubled and missing fixes through fences that are restarted and edited. */
export const simulation: Simulation = {
  name: 'fences',
  expectedFaults: ['late', 'twice', 'silence', 'restart', 'edit'],
  run: (seed) => simulateFences(seed, createFences),
}
