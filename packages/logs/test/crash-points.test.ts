import { enumerateCrashPoints, SimulatedClock, type CrashWorkload } from '@exprsn/core/testing'
import { createShipper, memorySink, type Durability } from '@exprsn/logs'
import { describe, expect, it } from 'vitest'
import { mortalWorld } from './simulations/log-wal/mortal.ts'
import { drive } from './simulations/log-wal/simulate-logs.ts'

/** Texts of the lines that arrive. */
type Delivered = readonly string[]

/** Appends, rotates, ships some, and closes; then another process adopts what is left. */
function workload(durability: Durability, isSinkUp: boolean): CrashWorkload<Delivered, string> {
  return {
    prepare: (disk) => disk.makeFolder('/spool'),
    async run({ disk, clock, random, acknowledge }) {
      const shipper = createShipper({
        sinks: [isSinkUp ? memorySink() : { name: 'memory', send: () => Promise.reject(new Error('down')) }],
        spool: '/spool',
        durability,
        segmentBytes: 1_024,
        linger: 5,
        flushInterval: 2,
        disk: mortalWorld(disk, clock).disk,
        clock,
        random,
      })
      for (let index = 0; index < 24; index++) {
        const text = JSON.stringify({ level: 30, msg: `line ${index}`, filler: 'y'.repeat(40) })
        await shipper.append(text)
        acknowledge(text)
        if (index % 6 === 5) await shipper.flush({ deadline: 20 })
      }
      await shipper.close({ deadline: 20 })
    },
    async recover(disk) {
      const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 2) })
      const sink = memorySink()
      const shipper = createShipper({ sinks: [sink], spool: '/spool', adoptAfter: 1, linger: 5, disk, clock })
      await drive(clock, shipper.start())
      await drive(clock, shipper.flush({ deadline: '1m' }))
      await drive(clock, shipper.close())
      return sink.records.map(({ text }) => text)
    },
    check({ recovered, acknowledged }) {
      expect(new Set(recovered).size).toBe(recovered.length)
      for (const text of recovered) expect(JSON.parse(text)).toMatchObject({ level: 30 })
      // With a sink that takes lines they leave the log; without a sync a power loss may take any.
      if (isSinkUp || durability !== 'fsync') return
      expect(acknowledged.filter((text) => !recovered.includes(text))).toEqual([])
    },
  }
}

describe('power losses at every call of append, rotate, checkpoint and adopt', () => {
  it.for<[Durability, boolean]>([
    ['fsync', false],
    ['fsync', true],
    ['line', true],
    ['buffered', true],
  ])('mode %s, sink up: %s', { timeout: 60_000 }, async ([durability, isSinkUp]) => {
    const report = await enumerateCrashPoints(workload(durability, isSinkUp), { survivors: 2, crashRecovery: false })
    expect(report.violations.slice(0, 3)).toEqual([])
    expect(report.points).toBeGreaterThan(40)
  })
})
