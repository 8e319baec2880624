import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { randomBelow, randomFraction, randomItem, shuffled } from './draw.ts'
import type { Random } from './random.ts'
import { systemRandom } from './system-random.ts'

const fixed = (...words: number[]): Random => ({
  uint32: () => words.shift()!,
  bytes: (length) => new Uint8Array(length),
})

/** Pearson's statistic of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('randomBelow', () => {
  it('draws again where the remainder would favour small numbers', () => {
    const largest = 2 ** 32 - 1
    expect(randomBelow(fixed(largest, 7), 3)).toBe(1)
    expect(randomBelow(fixed(largest - 1, 7), 3)).toBe(2)
    expect(randomBelow(fixed(largest), 2 ** 32)).toBe(largest)
    expect(randomBelow(fixed(2 ** 31, 2 ** 32 - 1, 5), 2 ** 31 + 1)).toBe(2 ** 31)
  })

  it('stays below its bound and is a whole number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.integer(), (bound, seed) => {
        const drawn = randomBelow(new SeededRandom(seed), bound)
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('is uniform: 60,000 throws of a die', () => {
    const random = new SeededRandom(1)
    const counts = [0, 0, 0, 0, 0, 0]
    for (let index = 0; index < 60_000; index++) counts[randomBelow(random, 6)]!++
    expect(chiSquare(counts)).toBeLessThan(20.5) // 5 degrees of freedom, p = 0.001
  })
})

describe('randomFraction', () => {
  it('reaches 0 but never 1', () => {
    expect(randomFraction(fixed(0))).toBe(0)
    expect(randomFraction(fixed(2 ** 31))).toBe(0.5)
    expect(randomFraction(fixed(2 ** 32 - 1))).toBeLessThan(1)
  })
})

describe('shuffled', () => {
  it('is a permutation in a list of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items]
        const mixed = shuffled(new SeededRandom(seed), items)
        expect(items).toEqual(before)
        expect(mixed).not.toBe(items)
        expect(mixed.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b))
      }),
      { numRuns: 200 },
    )
  })

  it('gives every order equally often', () => {
    const random = new SeededRandom(2)
    const counts = new Map<string, number>()
    for (let index = 0; index < 24_000; index++) {
      const order = shuffled(random, ['a', 'b', 'c', 'd']).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7) // 23 degrees of freedom, p = 0.001
  })
})

describe('randomItem', () => {
  it('finds every item', () => {
    const random = new SeededRandom(3)
    expect(new Set(Array.from({ length: 200 }, () => randomItem(random, ['a', 'b', 'c'])))).toEqual(
      new Set(['a', 'b', 'c']),
    )
  })
})

describe('systemRandom', () => {
  it('gives words and bytes of its own each time, across its block of words', () => {
    const words = Array.from({ length: 1_000 }, () => systemRandom.uint32())
    expect(words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true)
    expect(new Set(words).size).toBeGreaterThan(990)
    expect([systemRandom.bytes(0).length, systemRandom.bytes(33).length]).toEqual([0, 33])
    expect(systemRandom.bytes(16)).not.toEqual(systemRandom.bytes(16))
  })

  it('has no bit that is stuck', () => {
    let seen = 0
    let always = 0xffff_ffff
    for (let index = 0; index < 200; index++) {
      const word = systemRandom.uint32()
      seen |= word
      always &= word
    }
    expect([seen >>> 0, always >>> 0]).toEqual([0xffff_ffff, 0])
  })
})
