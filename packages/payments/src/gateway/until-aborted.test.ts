import { describe, expect, it } from 'vitest'
import { raceSignal } from './race-signal.ts'
import { listUntilAborted, untilAborted } from './until-aborted.ts'

const reason = new DOMException('enough', 'AbortError')
const never = () => new Promise<never>(() => {})

describe('untilAborted', () => {
  it('gives the answer, with and without a signal', async () => {
    expect(await untilAborted(undefined, async () => 1)).toBe(1)
    expect(await untilAborted(new AbortController().signal, async () => 2)).toBe(2)
  })

  it('does not ask when it was given up before', async () => {
    let asked = false
    const answer = untilAborted(AbortSignal.abort(reason), async () => (asked = true))
    await expect(answer).rejects.toBe(reason)
    expect(asked).toBe(false)
  })

  it('rejects with the reason on the way, and leaves no listener behind', async () => {
    const controller = new AbortController()
    const answer = untilAborted(controller.signal, never)
    controller.abort(reason)
    await expect(answer).rejects.toBe(reason)
  })
})

describe('listUntilAborted', () => {
  it('stops between two items', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const listing = (async () => {
      for await (const item of listUntilAborted(controller.signal, numbers())) {
        seen.push(item)
        if (item === 2) controller.abort(reason)
      }
    })()
    await expect(listing).rejects.toBe(reason)
    expect(seen).toEqual([1, 2])
  })
})

describe('raceSignal', () => {
  it('tells apart what was never sent and what may have been done', async () => {
    const early = raceSignal('x', async () => 1, AbortSignal.abort(reason))
    await expect(early).rejects.toBe(reason)
    const controller = new AbortController()
    const late = raceSignal('x', never, controller.signal)
    controller.abort(reason)
    await expect(late).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_UNAVAILABLE', cause: reason })
  })
})

async function* numbers(): AsyncIterable<number> {
  for (let number = 1; ; number++) yield number
}
