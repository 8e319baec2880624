import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { honoNodeServer, prepareLoad } from './node-handler/load.ts'

/** The server's CPU time per JSON GET over 20 connections: a router behind toNodeHandler against a bare fetch handler. */
export const benchmark: Benchmark = {
  name: 'core/node-handler',
  unit: 'µs',
  measure: 'cpu',
  better: 'lower',
  target: 1,
  peers: [honoNodeServer],
  prepare: ({ quick }) =>
    prepareLoad(
      ['ours', honoNodeServer.name],
      { connections: 20, seconds: quick ? 2 : 4 },
      ({ cpuPerRequest }) => cpuPerRequest,
    ),
}
