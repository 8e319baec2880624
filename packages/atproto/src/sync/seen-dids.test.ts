import { SeededRandom } from '@exprsn/core/testing'
import { expect, it } from 'vitest'
import { SeenDids } from './seen-dids.ts'

const did = (number: number): string => `did:plc:${number.toString(32).padStart(24, 'a')}`

it('has all that were added, and hardly any other', () => {
  const seen = new SeenDids(new SeededRandom(1))
  for (let number = 0; number < 200_000; number++) seen.add(did(number))
  let missing = 0
  let others = 0
  for (let number = 0; number < 200_000; number++) {
    if (!seen.has(did(number))) missing++
    if (seen.has(did(number + 1_000_000))) others++
  }
  expect(missing).toBe(0)
  expect(others).toBeLessThan(40)
})

it('takes others for its own with each seed', () => {
  const mistaken = [1, 2].map((seed) => {
    const seen = new SeenDids(new SeededRandom(seed))
    for (let number = 0; number < 300_000; number++) seen.add(did(number))
    return Array.from({ length: 100_000 }, (_, number) => did(2_000_000 + number)).filter((one) => seen.has(one))
  })
  expect(mistaken[0]!.length).toBeGreaterThan(0)
  expect(mistaken[0]).not.toEqual(mistaken[1])
})
