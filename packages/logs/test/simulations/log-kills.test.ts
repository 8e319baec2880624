import { runSimulation } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { killed, simulation } from './log-kills.ts'

const buffered = { durability: 'buffered', early: 30, late: 20, segmentBytes: 2 ** 23 } as const

describe('a process killed in the tick of its last line', () => {
  it('loses none of its lines in mode line, in 50 kills', { timeout: 180_000 }, async () => {
    const half = { seeds: 25 }
    const reports = await Promise.all([
      runSimulation(simulation, half),
      runSimulation(simulation, { ...half, firstSeed: 26 }),
    ])
    expect(reports.flatMap(({ violations }) => violations)).toEqual([])
    expect(reports.map(({ faults }) => faults['kill/line'])).toEqual([25, 25])
  })

  it('loses what it had not flushed in mode buffered, and nothing else', { timeout: 180_000 }, async () => {
    expect(await killed(buffered, buffered.early)).toEqual({ faults: { 'kill/buffered': 1 }, violations: [] })
  })

  it('would be found out if it kept a line in its memory', { timeout: 180_000 }, async () => {
    expect((await killed({ ...buffered, early: 0, late: 1 })).violations).toHaveLength(1)
  })
})
