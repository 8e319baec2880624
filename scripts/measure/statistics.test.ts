import { expect, it } from 'vitest'
import { percentile } from './statistics.ts'

it.each([
  [[], 0.5, 0],
  [[7], 0.5, 7],
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.5, 2],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 9],
  [[10, 9, 8], 1, 10],
  [[10, 9, 8], 0, 8],
])('percentile(%j, %d) is %d', (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected)
})
