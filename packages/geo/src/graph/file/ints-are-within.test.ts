import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { intsAreWithin } from './ints-are-within.ts'

const [lowest, highest] = [-(2 ** 31), 2 ** 31 - 1]

describe('whether numbers are within bounds', () => {
  it.each([
    [0, 9],
    [0, 0],
    [-1, 6],
    [0, highest],
    [lowest, -1],
    [-900_000_000, 900_000_000],
    [-1_800_000_000, 1_800_000_000],
    [lowest, highest],
    [5, 4],
  ])('is said as by comparing each, from %i to %i', (least, most) => {
    const random = new SeededRandom(`${least} ${most}`)
    const near = [lowest, lowest + 1, -1, 0, 1, highest - 1, highest]
    for (const bound of [least, most]) near.push((bound - 1) | 0, bound, (bound + 1) | 0)
    const drawn = Array.from({ length: 1_000 }, () => lowest + randomBelow(random, 2 ** 32))
    for (const value of [...near, ...drawn])
      expect(intsAreWithin(Int32Array.of(value), least, most), `${value}`).toBe(value >= least && value <= most)
  })

  it('finds one among many, and nothing in nothing', () => {
    const list = new Int32Array(1_000).fill(7)
    expect(intsAreWithin(list, 0, 7)).toBe(true)
    expect(intsAreWithin(list.with(641, 8), 0, 7)).toBe(false)
    expect(intsAreWithin(list.with(999, -1), 0, 7)).toBe(false)
    expect(intsAreWithin(new Int32Array(0), 3, 2)).toBe(true)
  })
})
