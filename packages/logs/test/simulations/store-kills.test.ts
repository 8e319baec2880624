import { describe, expect, it } from 'vitest'
import { killWriters } from './store-kills/kill-writers.ts'

describe('processes that write to a store and are killed', () => {
  it('one after the other: every acknowledged line is there once', { timeout: 180_000 }, async () => {
    const { faults, violations } = await killWriters({ processes: 1, kills: 3, seed: 1 })
    expect({ faults, violations }).toEqual({ faults: { kill: 3, 'kill of the writer': 3 }, violations: [] })
  })

  it(
    'five at once: one writes, the others hand over, and nothing is lost or there twice',
    { timeout: 180_000 },
    async () => {
      const { faults, violations } = await killWriters({ processes: 5, kills: 4, seed: 2 })
      expect(violations).toEqual([])
      expect(faults['kill of the writer']).toBeGreaterThan(0)
    },
  )
})
