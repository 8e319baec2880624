import type { Simulation, SimulationResult } from '@exprsn/core/testing'
import { killOnce, type Life } from './log-kills/kill-once.ts'

/** A real process that is killed in the tick of its last line, once for each seed: the system's kernel is the disk. */
export const simulation: Simulation = {
  name: 'log-kills',
  expectedFaults: ['kill/line'],
  run: (seed) =>
    killed({
      durability: 'line',
      early: (seed * 7) % 40,
      late: 1 + ((seed * 13) % 97),
      // Every other process is in its second to eighth file when it dies.
      segmentBytes: seed % 2 === 0 ? 4_096 : 2 ** 23,
    }),
}

/** Every line of mode `line` must be found, once and in order; of `buffered` those that had their time. */
export async function killed(life: Life, promised: number = life.early + life.late): Promise<SimulationResult> {
  const found = await killOnce(life)
  const isWhole = found.length === promised && found.every((index, place) => index === place)
  const violations = isWhole
    ? []
    : [`Of ${promised} lines that were promised ${found.length} were found: ${found.join()}.`]
  return { faults: { [`kill/${life.durability}`]: 1 }, violations }
}
