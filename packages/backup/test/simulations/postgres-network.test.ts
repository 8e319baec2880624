import { describe, expect, it } from 'vitest'
import { runNetwork } from './postgres/run-network.ts'

describe('a network that is cut at random bytes', () => {
  it.each([1])('loses nothing and leaves nothing behind, seed %i', { timeout: 300_000 }, async (seed) => {
    const { violations, faults } = await runNetwork(seed)
    expect(violations).toEqual([])
    expect(Object.values(faults).reduce((sum, hits) => sum + hits, 0)).toBeGreaterThan(3)
  })
})
