import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { createFences } from '@exprsn/geo/fence'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { places, stars } from './fences/stars.ts'

const objects = 100_000
/** Degrees in ten seconds: some 50 m on each axis. */
const stride = 0.000_5

/** Fixes a second of CPU time: 100,000 objects on random walks through 10,000 fences, entering, leaving, dwelling. */
export const benchmark: Benchmark = {
  name: 'geo/fence-stream',
  unit: 'fixes/s',
  measure: 'cpu',
  better: 'higher',
  target: 700_000,
  peers: [],
  async prepare() {
    const fences = createFences({ features: stars(10_000, 0.01), dwell: '1m' })
    const random = new SeededRandom('walk')
    const ids = Array.from({ length: objects }, (_, index) => `vehicle-${index}`)
    const at = places(objects)
    let tick = 0
    return {
      async run() {
        const fixes = at.map((place, index) => {
          for (const axis of [0, 1] as const)
            place[axis] = Math.min(1, Math.max(0, place[axis] + (randomFraction(random) * 2 - 1) * stride))
          return { id: ids[index]!, position: [place[0], place[1]] as const, time: tick * 10_000 + 1 }
        })
        tick++
        const before = process.cpuUsage()
        let events = 0
        for (const fix of fixes) events += fences.update(fix).length
        const { user, system } = process.cpuUsage(before)
        return { value: (objects * 1e6) / (user + system), hash: events >= 0 ? 'walked' : '' }
      },
      async close() {},
    }
  },
}
