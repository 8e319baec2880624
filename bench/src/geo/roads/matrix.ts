import { weightedGraph } from '@exprsn/geo/graph'
import { buildHierarchy, createMatrix } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { city, randomPairs } from './city.ts'
import { cpuSeconds } from './cpu.ts'

interface MatrixBenchmark extends Pick<Benchmark, 'name' | 'unit' | 'better' | 'target'> {
  /** Rows, and columns. */
  readonly size: number
  /** What is told of the CPU seconds that one table takes. */
  readonly value: (seconds: number) => number
}

const tables = 5

/** Tables of lengths between random places in Rome, after a few to warm up. */
export function matrixBenchmark({ size, value, ...benchmark }: MatrixBenchmark): Benchmark {
  return {
    ...benchmark,
    measure: 'cpu',
    peers: [],
    async prepare() {
      const rome = city('rome')
      const matrix = createMatrix(buildHierarchy(weightedGraph(rome.nodes, rome)))
      const pairs = randomPairs(rome.nodes, size, 'table')
      const sources = pairs.map(([source]) => source)
      const targets = pairs.map(([, target]) => target)
      const round = () => {
        for (let table = 0; table < tables; table++) matrix.between(sources, targets)
      }
      for (let warm = 0; warm < 4; warm++) round()
      return {
        async run() {
          const seconds = cpuSeconds(round) / tables
          return { value: value(seconds), hash: String(matrix.between(sources, targets).lengths[1]) }
        },
        async close() {},
      }
    },
  }
}
