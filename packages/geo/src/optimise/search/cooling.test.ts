import { describe, expect, it } from 'vitest'
import { coolingAt, once, polished, reheated } from './cooling.ts'

describe('coolingAt', () => {
  it('cools down once in half of the time, and from half as cold in each quarter behind', () => {
    expect([0, 0.25, 0.5, 0.625, 0.75, 0.875, 1].map((share) => coolingAt(share, reheated))).toEqual([
      { cycle: 0, depth: 0 },
      { cycle: 0, depth: 0.5 },
      { cycle: 1, depth: 0.5 },
      { cycle: 1, depth: 0.75 },
      { cycle: 2, depth: 0.5 },
      { cycle: 2, depth: 0.75 },
      { cycle: 2, depth: 1 },
    ])
  })

  it.each([reheated, polished, once])('never leaves the range, and grows colder within a cycle: $first', (plan) => {
    let before = coolingAt(0, plan)
    for (let step = 1; step <= 1_000; step++) {
      const now = coolingAt(step / 1_000, plan)
      expect(now.depth).toBeGreaterThanOrEqual(0)
      expect(now.depth).toBeLessThanOrEqual(1)
      if (now.cycle === before.cycle) expect(now.depth).toBeGreaterThan(before.depth)
      else expect([now.cycle, before.depth > 0.99]).toEqual([before.cycle + 1, true])
      before = now
    }
    expect(coolingAt(5, plan)).toEqual(coolingAt(1, plan))
  })
})
