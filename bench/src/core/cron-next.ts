import { createHash } from 'node:crypto'
import { cron } from '@exprsn/core/schedule'
import { Cron } from 'croner'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from './resilience/compare-calls.ts'

const expressions = [
  ['*/5 * * * *', 'UTC'],
  ['30 2 * * *', 'America/New_York'],
  ['0 9 * * 1-5', 'Europe/London'],
  ['0 0 L * *', 'UTC'],
] as const

const start = Date.UTC(2026, 0, 1)
const runsEach = 1_000

type Next = (after: number) => number

const subjects: Readonly<Record<string, (expression: string, zone: string) => Next>> = {
  [ours]: (expression, zone) => {
    const schedule = cron(expression, { zone })
    return (after) => schedule.next(after)!
  },
  croner: (expression, zone) => {
    const schedule = new Cron(expression, { timezone: zone, paused: true })
    return (after) => schedule.nextRun(new Date(after))!.getTime()
  },
}

/** The next run after the one before, a thousand times for each of four expressions. */
export const benchmark: Benchmark = {
  name: 'core/cron-next',
  unit: 'µs/run',
  measure: 'cpu',
  better: 'lower',
  target: 10,
  peers: [npmPeer('croner')],
  async prepare() {
    const prepared = new Map<string, Next[]>()
    return {
      async run(subject) {
        const nexts =
          prepared.get(subject) ?? expressions.map(([expression, zone]) => subjects[subject]!(expression, zone))
        prepared.set(subject, nexts)
        // Ours is over too soon to be measured by one pass.
        const passes = subject === ours ? 50 : 1
        const began = process.cpuUsage()
        let slots: number[] = []
        for (let pass = 0; pass < passes; pass++) slots = nexts.flatMap(walk)
        const { user, system } = process.cpuUsage(began)
        const hash = createHash('sha256').update(slots.join()).digest('hex')
        return { value: (user + system) / (passes * slots.length), hash }
      },
      async close() {},
    }
  },
}

function walk(next: Next): number[] {
  const slots: number[] = []
  for (let slot = start; slots.length < runsEach;) {
    slot = next(slot)
    slots.push(slot)
  }
  return slots
}
