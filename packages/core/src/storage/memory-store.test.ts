import { describe, expect, it } from 'vitest'
import { storageConformance, storageVersionsConformance } from '../testing/storage-conformance.ts'
import { memoryStore } from './memory-store.ts'

describe('memoryStore', () => {
  it.each(storageConformance)('$name', ({ run }) => run(memoryStore()))
  it.each(storageConformance)('with versions: $name', ({ run }) => run(memoryStore({ versions: true })))
  it.each(storageVersionsConformance)('$name', ({ run }) => run(memoryStore({ versions: true })))

  it('has no versions unless it is asked for them', () => {
    expect(memoryStore().versions).toBeUndefined()
  })

  it('takes times from the clock it is given', async () => {
    const store = memoryStore({
      clock: { now: () => 1_000, monotonic: () => 0, setTimer: () => ({ cancel: () => {} }) },
    })
    expect((await store.put('key', new Uint8Array())).modifiedAt).toEqual(new Date(1_000))
  })

  it('gives the version that was asked for although it is replaced meanwhile', async () => {
    const store = memoryStore()
    await store.put('key', Uint8Array.of(1))
    const object = await store.get('key')
    await store.put('key', Uint8Array.of(2))
    expect([...(await object.bytes())]).toEqual([1])
  })
})
