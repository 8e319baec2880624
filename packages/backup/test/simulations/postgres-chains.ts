import type { Simulation } from '@exprsn/core/testing'
import { chainFaults, runChain } from './postgres/run-chain.ts'

/**
 * One to seven incremental backups of a real cluster, between which it is changed in every way that moves, makes and removes files: what
 * is put together is what the server had, and amcheck finds nothing.
 */
export const simulation: Simulation = {
  name: 'postgres-chains',
  expectedFaults: chainFaults,
  realServers: true,
  run: runChain,
}
