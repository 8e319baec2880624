import { expect, it } from 'vitest'
import { systemRandom } from './system-random.ts'

it('draws words that spread over the whole range', () => {
  const words = Array.from({ length: 1_000 }, () => systemRandom.uint32())
  expect(new Set(words).size).toBeGreaterThan(990)
  expect(words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32)).toBe(true)
  expect(words.filter((word) => word >= 2 ** 31).length).toBeGreaterThan(400)
})

it('fills more bytes than the system gives at once', () => {
  const bytes = systemRandom.bytes(200_000)
  expect(bytes).toHaveLength(200_000)
  // A block of a thousand zeros cannot be chance: 2^-8000.
  for (let start = 0; start < bytes.length; start += 1_000)
    expect(bytes.subarray(start, start + 1_000).some((byte) => byte !== 0)).toBe(true)
  expect(systemRandom.bytes(0)).toHaveLength(0)
})
