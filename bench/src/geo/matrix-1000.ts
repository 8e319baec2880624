import { matrixBenchmark } from './roads/matrix.ts'

const size = 1_000

/** Millions of pairs a second of CPU time, in tables of 1,000 by 1,000. */
export const benchmark = matrixBenchmark({
  name: 'geo/matrix-1000',
  unit: 'M/s',
  better: 'higher',
  target: 9,
  size,
  value: (seconds) => size ** 2 / seconds / 1e6,
})
