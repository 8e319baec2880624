import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

it('keeps the order of the items and never has more than the limit at work', async () => {
  let working = 0
  let most = 0
  const results = await inTurns([30, 5, 20, 1, 10], 2, async (milliseconds) => {
    most = Math.max(most, ++working)
    await sleep(milliseconds)
    working--
    return milliseconds * 2
  })
  expect(results).toEqual([60, 10, 40, 2, 20])
  expect(most).toBe(2)
})

it('fails when one item fails', async () => {
  const work = async (item: number): Promise<number> => {
    if (item === 2) throw new Error('item 2')
    return item
  }
  await expect(inTurns([1, 2, 3], 2, work)).rejects.toThrow('item 2')
})

it('does nothing for no items', async () => {
  expect(await inTurns([], 2, async () => 1)).toEqual([])
})
