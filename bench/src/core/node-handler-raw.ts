import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { nodeHttp, prepareLoad } from './node-handler/load.ts'

/** As node-handler, against what Node's server costs without an adapter, a router and validation. */
export const benchmark: Benchmark = {
  name: 'core/node-handler-raw',
  unit: 'µs',
  measure: 'cpu',
  better: 'lower',
  target: 0.8,
  peers: [nodeHttp],
  prepare: ({ quick }) =>
    prepareLoad(
      ['ours', nodeHttp.name],
      { connections: 20, seconds: quick ? 2 : 4 },
      ({ cpuPerRequest }) => cpuPerRequest,
    ),
}
