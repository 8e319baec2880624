import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { createLogStore, type LogStore } from '@exprsn/logs/store'
import { expect, it } from 'vitest'

it('a query finds each line once while the lines in memory become a segment', async () => {
  const disk = createSimulatedDisk()
  let isManifestLocked = true
  const found: unknown[] = []
  const store: LogStore = createLogStore({
    path: '/store',
    clock: new SimulatedClock(),
    sealAfter: 0,
    maintenanceInterval: 0,
    adoptInterval: 0,
    disk: {
      ...disk,
      async rename(from, to) {
        if (isManifestLocked && String(to).endsWith('manifest.json')) throw new Error('locked')
        await disk.rename(from, to)
      },
      // Of the segment that never became part of the store: the new one is part of it by then.
      async removeFile(path) {
        if (String(path).endsWith('.seg')) found.push(await store.query('* | stats count()'))
        await disk.removeFile(path)
      },
    },
  })
  await store.append(Array.from({ length: 7 }, (_, index) => `{"msg":"line ${index}"}`))
  await expect(store.flush()).rejects.toThrow('locked')
  isManifestLocked = false
  await store.flush()
  expect(found).toMatchObject([{ rows: [{ count: 7 }] }])
  await store.close()
})
