import { memoryStore } from '@exprsn/core/storage'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { createPace } from '../../progress/pace.ts'
import { openRepository } from '../open-repository.ts'
import { repositoryStore } from './repository-store.ts'

let clock: SimulatedClock
beforeEach(() => {
  clock = new SimulatedClock()
})

const limited = (bandwidth: { readonly upload?: number; readonly download?: number }) =>
  repositoryStore(memoryStore(), { clock, random: new SeededRandom(1), attempts: 1, bandwidth })

/** Milliseconds that the work takes on the simulated clock. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const begun = clock.monotonic()
  let took: number | undefined
  const done = work.finally(() => (took = clock.monotonic() - begun))
  for (let turn = 0; took === undefined && turn < 1_000; turn++) await clock.advanceBy(100)
  await done
  return took!
}

describe('a limit of the bandwidth', () => {
  it('spreads what is sent over the time that it should take, also when objects go side by side', async () => {
    const store = limited({ upload: 1_000 })
    const puts = Array.from({ length: 6 }, (_, index) => store.put(`data/${index}`, new Uint8Array(500)))
    const took = await timeOf(Promise.all(puts))
    expect(took).toBeGreaterThanOrEqual(2_500)
    expect(took).toBeLessThan(3_500)
  })

  it('spreads what is fetched, and leaves what is sent alone', async () => {
    const store = limited({ download: 1_000 })
    expect(await timeOf(store.put('data/a', new Uint8Array(5_000)))).toBeLessThanOrEqual(100)
    expect(await timeOf(store.get('data/a'))).toBeLessThanOrEqual(100)
    const took = await timeOf(store.get('data/a', { range: { start: 0, end: 10 } }))
    expect(took).toBeGreaterThanOrEqual(4_500)
    expect(took).toBeLessThan(5_500)
  })

  it('knows beforehand what parts of an object will take', async () => {
    const store = limited({ download: 1_000 })
    await store.put('data/a', new Uint8Array(5_000))
    const part = (start: number) => store.get('data/a', { range: { start, end: start + 1_000 } })
    const took = await timeOf(Promise.all([part(0), part(1_000), part(2_000)]))
    expect(took).toBeGreaterThanOrEqual(2_000)
    expect(took).toBeLessThan(2_500)
  })

  it('does not make up for idle time: after a pause one object goes at once, and not more', async () => {
    const pace = createPace(100, clock)
    await clock.advanceBy('1h')
    pace.charge(100)
    const took = await timeOf(pace.take(0))
    expect(took).toBeGreaterThanOrEqual(1_000)
    expect(took).toBeLessThanOrEqual(1_100)
  })

  it('stops waiting when the work is given up', async () => {
    const store = limited({ upload: 1 })
    await store.put('data/a', new Uint8Array(1_000))
    const controller = new AbortController()
    const put = store.put('data/b', new Uint8Array(1), { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(put).rejects.toThrow('enough')
    expect(await store.list('data/')).toHaveLength(1)
  })

  it.each([{ upload: 0 }, { upload: -1 }, { download: Number.NaN }, { download: Infinity }])(
    'refuses %o',
    async (bandwidth) => {
      const opening = openRepository({ store: memoryStore(), password: 'secret', create: 'new', bandwidth })
      await expect(opening).rejects.toMatchObject({ code: 'BACKUP_REPOSITORY_OPTION_INVALID' })
    },
  )
})
