import type { Simulation } from '@exprsn/core/testing'
import { runMoment } from './postgres/run-moment.ts'

/**
 * A random moment of a real cluster under load is restored: the last row that was committed until then is there, the next one is
 * not, and no more is lost than was claimed. The seed decides the target, as far as a real server lets it.
 */
export const simulation: Simulation = {
  name: 'postgres-moments',
  expectedFaults: ['target/time', 'target/xid'],
  realServers: true,
  run: runMoment,
}
