import type { Simulation } from '@exprsn/core/testing'
import { simulateLogs } from './log-wal/simulate-logs.ts'

/** A shipper through kills, power losses, a failing disk, and a sink that is down, picky, slow or forgetful. */
export const simulation: Simulation = {
  name: 'log-wal',
  expectedFaults: [
    'kill',
    'power-loss',
    'disk/EIO write',
    'disk/EIO fdatasync',
    'sink/unavailable',
    'sink/retry-after',
    'sink/partial',
    'sink/answer-lost',
    'sink/refused',
    'sink/rejected',
    'sink/slow',
  ],
  run: (seed) => simulateLogs(seed),
}
