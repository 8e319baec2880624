import type { Simulation } from '@exprsn/core/testing'
import { runStandby } from './postgres/run-standby.ts'

/**
 * The receiver as the only synchronous standby of a real primary that is killed under load: every commit that a client was told of is in the WAL here.
 * The seed decides writers, load and the moment of the kill, as far as a real server lets it.
 */
export const simulation: Simulation = {
  name: 'postgres-standby',
  expectedFaults: ['kill/SIGKILL', 'kill/SIGQUIT'],
  realServers: true,
  run: runStandby,
}
