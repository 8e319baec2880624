import type { Simulation } from '@exprsn/core/testing'
import { runNetwork } from './postgres/run-network.ts'

/**
 * The network between a real server and us is cut, reset, and swallows what it is given, at random bytes: nothing that was acknowledged
 * is lost, no segment differs, and what was cut off leaves nothing behind and succeeds when it is run again.
 */
export const simulation: Simulation = {
  name: 'postgres-network',
  expectedFaults: ['cut', 'reset', 'black-hole', 'half-open'],
  realServers: true,
  run: runNetwork,
}
