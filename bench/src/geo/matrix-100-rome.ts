import { matrixBenchmark } from './roads/matrix.ts'

/** Milliseconds of CPU time for a table of 100 by 100. */
export const benchmark = matrixBenchmark({
  name: 'geo/matrix-100-rome',
  unit: 'ms',
  better: 'lower',
  target: 8,
  size: 100,
  value: (seconds) => seconds * 1_000,
})
