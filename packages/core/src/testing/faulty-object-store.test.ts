import { describe, expect, it } from 'vitest'
import { memoryStore } from '../storage/memory-store.ts'
import { SimulatedClock } from './clock/simulated-clock.ts'
import { faultyStore, type FaultyStoreOptions, type StoreFaultKind } from './faulty-object-store.ts'
import { SeededRandom } from './random/seeded-random.ts'
import { storageConformance } from './storage-conformance.ts'
import { bytesOf, getText, keysOf, patternOf, putText, streamOf } from './storage-conformance/expect.ts'

function pair(faults: FaultyStoreOptions['faults'], options: Partial<FaultyStoreOptions> = {}) {
  const inner = memoryStore()
  return { inner, faulty: faultyStore(inner, { random: new SeededRandom(1), faults, ...options }) }
}

describe('faultyStore without faults', () => {
  it.each(storageConformance)('$name', ({ run }) => run(pair({ unavailable: 0 }).faulty))
})

describe('faultyStore', () => {
  it('refuses operations without doing them', async () => {
    const { inner, faulty } = pair({ unavailable: 1 })
    await inner.put('key', bytesOf('x'))
    const refused = { code: 'CORE_STORAGE_UNAVAILABLE', retryable: true, details: { injected: true } }
    await expect(putText(faulty, 'other', 'x')).rejects.toMatchObject(refused)
    await expect(faulty.get('key')).rejects.toMatchObject(refused)
    await expect(faulty.head('key')).rejects.toMatchObject(refused)
    await expect(faulty.delete('key')).rejects.toMatchObject(refused)
    await expect(keysOf(faulty)).rejects.toMatchObject(refused)
    expect(await keysOf(inner)).toEqual(['key'])
    expect(faulty.hits.unavailable).toBe(5)
    faulty.heal()
    expect(await getText(faulty, 'key')).toBe('x')
  })

  it('loses answers of what was done', async () => {
    const { inner, faulty } = pair({ 'lost-response': 1 })
    await expect(putText(faulty, 'key', 'x')).rejects.toMatchObject({ code: 'CORE_STORAGE_UNAVAILABLE' })
    expect(await getText(inner, 'key')).toBe('x')
    await expect(faulty.delete('key')).rejects.toMatchObject({ code: 'CORE_STORAGE_UNAVAILABLE' })
    expect(await keysOf(inner)).toEqual([])
  })

  it('makes conflicts where a put has a condition, and only there', async () => {
    const { inner, faulty } = pair({ conflict: 1 })
    await putText(faulty, 'key', 'x')
    await expect(putText(faulty, 'new', 'x', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'CORE_STORAGE_CONFLICT',
    })
    expect(await keysOf(inner)).toEqual(['key'])
  })

  it('delivers a put twice, so that a conditional one conflicts with itself', async () => {
    const { inner, faulty } = pair({ duplicate: 1 })
    await faulty.put('stream', streamOf(bytesOf('a'), bytesOf('b')))
    expect(await getText(inner, 'stream')).toBe('ab')
    await expect(putText(faulty, 'key', 'x', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'CORE_STORAGE_CONFLICT',
    })
    expect(await getText(inner, 'key')).toBe('x')
    expect(faulty.hits.duplicate).toBe(2)
  })

  it('ends bodies early and turns bits', async () => {
    const content = patternOf(5_000)
    const short = pair({ truncated: 1 })
    await short.inner.put('key', content)
    await expect((await short.faulty.get('key')).bytes()).rejects.toMatchObject({ code: 'CORE_STORAGE_TRUNCATED' })
    const damaged = pair({ corrupted: 1 })
    await damaged.inner.put('key', content)
    const read = await (await damaged.faulty.get('key')).bytes()
    const different = read.filter((byte, index) => byte !== content[index])
    expect(read).toHaveLength(content.length)
    expect(different).toHaveLength(1)
    await (await damaged.faulty.get('key')).discard()
  })

  it('shows listings of a moment ago, and the present ones later', async () => {
    const clock = new SimulatedClock()
    const { faulty } = pair({ 'stale-list': 1 }, { clock, staleness: '1s' })
    await putText(faulty, 'a', 'x')
    await putText(faulty, 'b', 'x')
    expect(await keysOf(faulty)).toEqual([])
    await clock.advanceTo(clock.now() + 1_001)
    expect(await keysOf(faulty)).toEqual(['a', 'b'])
    await faulty.delete('a')
    await putText(faulty, 'c', 'x')
    expect(await keysOf(faulty)).toEqual(['a', 'b'])
    expect(await keysOf(faulty, { prefix: 'a', after: 'a' })).toEqual([])
    await clock.advanceTo(clock.now() + 1_001)
    expect(await keysOf(faulty)).toEqual(['b', 'c'])
  })

  it('is slow by its clock', async () => {
    const clock = new SimulatedClock()
    const { faulty } = pair({ slow: 1 }, { clock, latency: '1h' })
    let done = false
    const head = faulty.head('key').then(() => (done = true))
    await clock.advanceTo(clock.now())
    expect(done).toBe(false)
    await clock.advanceTo(clock.now() + 3_600_000)
    await head
    expect(faulty.hits.slow).toBe(1)
  })

  it('repeats itself by its seed, and hits every kind', async () => {
    const faults: Record<StoreFaultKind, number> = {
      slow: 0.2,
      unavailable: 0.2,
      conflict: 0.2,
      'lost-response': 0.2,
      duplicate: 0.2,
      truncated: 0.2,
      corrupted: 0.2,
      'stale-list': 0.2,
    }
    const campaign = async (seed: number): Promise<{ log: string[]; hits: unknown }> => {
      const faulty = faultyStore(memoryStore(), { random: new SeededRandom(seed), faults, latency: 0 })
      const log: string[] = []
      const step = (work: Promise<unknown>) =>
        work.then(
          () => log.push('ok'),
          (error: { code: string }) => log.push(error.code),
        )
      for (let round = 0; round < 120; round++) {
        await step(putText(faulty, `key ${round % 5}`, `round ${round}`, round % 2 === 0 ? { ifNoneMatch: '*' } : {}))
        await step(faulty.get(`key ${round % 5}`).then((object) => object.bytes()))
        await step(keysOf(faulty))
      }
      return { log, hits: { ...faulty.hits } }
    }
    const [first, again, other] = [await campaign(7), await campaign(7), await campaign(8)]
    expect(again).toEqual(first)
    expect(other.log).not.toEqual(first.log)
    for (const [kind, count] of Object.entries(first.hits as object)) expect(count, kind).toBeGreaterThan(0)
  })
})
