import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../testing/clock/simulated-clock.ts'
import { createSimulatedDisk } from '../../testing/disk/simulated-disk.ts'
import { folderStore } from './folder-store.ts'

async function lockedStore(options: { readonly signal?: AbortSignal } = {}) {
  const clock = new SimulatedClock()
  const disk = createSimulatedDisk({ clock })
  const store = folderStore({ path: '/store', disk, clock })
  const { etag } = await store.put('key', Uint8Array.of(1))
  await disk.makeFolder('/store/.exprsn/locks')
  const holders = []
  for (let byte = 0; byte < 256; byte++)
    holders.push(await disk.lock(`/store/.exprsn/locks/${byte.toString(16).padStart(2, '0')}.lock`))
  let outcome: unknown
  const put = store.put('key', Uint8Array.of(2), { ifMatch: etag, ...options }).then(
    (info) => (outcome = info),
    (error: unknown) => (outcome = error),
  )
  return { clock, holders, put, outcome: () => outcome }
}

describe('a conditional put', () => {
  it('waits for the lock of another one', async () => {
    const { clock, holders, put, outcome } = await lockedStore()
    await clock.advanceTo(clock.now() + 1_000)
    expect(outcome()).toBeUndefined()
    for (const holder of holders) await holder?.release()
    await clock.advanceTo(clock.now() + 1_000)
    await put
    expect(outcome()).toMatchObject({ size: 1 })
  })

  it('waits no longer than half a minute', async () => {
    const { clock, put, outcome } = await lockedStore()
    await clock.advanceTo(clock.now() + 31_000)
    await put
    expect(outcome()).toMatchObject({ code: 'CORE_STORAGE_TIMEOUT', retryable: true })
  })

  it('stops waiting when it is given up', async () => {
    const controller = new AbortController()
    const reason = new Error('given up')
    const { clock, put, outcome } = await lockedStore({ signal: controller.signal })
    await clock.advanceTo(clock.now() + 100)
    controller.abort(reason)
    await put
    expect(outcome()).toBe(reason)
  })
})
