import { cron, type DstOptions } from '@exprsn/core/schedule'
import { SeededRandom, type Simulation } from '@exprsn/core/testing'
import { bruteForceSlots, daysWithChange, wallMinutes } from '../../src/schedule/cron/brute-force.fixture.ts'

const day = 86_400_000
const zones = Intl.supportedValuesOf('timeZone')
const from = Date.UTC(2000, 0, 1)
const to = Date.UTC(2040, 0, 1)
const fixed = ['30 2 * * *', '*/15 * * * *', '0 0 * * *', '30 1 * * *', '59 23 L * *', '*/10 1-2 * * 0']

/**
 * One time zone per seed, every change of its clocks from 2000 to 2040: cron against a walk through every minute, under a
 * policy and for an expression of the seed's own. As many seeds as there are zones (`Intl.supportedValuesOf('timeZone')`) see
 * them all.
 */
export const simulation: Simulation = {
  name: 'cron-oracle',
  expectedFaults: ['gap', 'overlap'],
  run(seed) {
    const zone = zones[seed % zones.length]!
    const random = new SeededRandom(seed)
    const faults = { gap: 0, overlap: 0 }
    const violations: string[] = []
    for (const change of daysWithChange(zone, from, to)) {
      const minutes = wallMinutes(zone, change - day, change + 2 * day)
      const steps = minutes.map(({ wall }, index) => (index === 0 ? 60_000 : wall - minutes[index - 1]!.wall))
      if (steps.some((step) => step > 60_000)) faults.gap++
      if (steps.some((step) => step < 0)) faults.overlap++
      for (const expression of [...fixed, randomExpression(random)]) {
        const gap = (['run-after', 'shift', 'skip'] as const)[random.uint32() % 3]!
        const overlap = (['once', 'both'] as const)[random.uint32() % 2]!
        const expected = bruteForceSlots(expression, minutes, { gap, overlap }).filter((slot) => slot > change - day)
        if (slotsOf(expression, zone, { gap, overlap }, change).join() !== expected.join())
          violations.push(
            `"${expression}" (${gap}, ${overlap}) in ${zone} differs around ${new Date(change).toISOString()}.`,
          )
      }
    }
    return { faults, violations }
  },
}

function slotsOf(expression: string, zone: string, dst: DstOptions, change: number): number[] {
  const schedule = cron(expression, { zone, dst })
  const slots: number[] = []
  for (
    let slot = schedule.next(change - day);
    slot !== undefined && slot < change + 2 * day;
    slot = schedule.next(slot)
  )
    slots.push(slot)
  return slots
}

function randomExpression(random: SeededRandom): string {
  const pick = (min: number, max: number): number => min + (random.uint32() % (max - min + 1))
  const minute = pick(0, 2) === 0 ? `*/${pick(2, 30)}` : `${pick(0, 29)},${pick(30, 59)}`
  const hour = pick(0, 2) === 0 ? `*/${pick(1, 6)}` : `${pick(0, 2)}-${pick(2, 5)}`
  const dayOfMonth = pick(0, 2) === 0 ? `${pick(1, 15)}-${pick(15, 31)}` : '*'
  return `${minute} ${hour} ${dayOfMonth} * ${pick(0, 2) === 0 ? `${pick(0, 3)}-${pick(3, 6)}` : '*'}`
}
