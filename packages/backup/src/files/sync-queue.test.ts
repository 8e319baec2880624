import { createSimulatedDisk } from '@exprsn/core/testing'
import type { Disk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { fileSyncs, folderSyncs } from './sync-queue.ts'

/** A disk whose folders become durable when the test says so. */
function held() {
  const open: { path: string; resolve: () => void; reject: (error: unknown) => void }[] = []
  const fsyncFolder: Disk['fsyncFolder'] = (path) =>
    new Promise((resolve, reject) => void open.push({ path: String(path), resolve, reject }))
  return { disk: { ...createSimulatedDisk(), fsyncFolder }, open }
}

async function microtasks(): Promise<void> {
  for (let count = 0; count < 20; count++) await Promise.resolve()
}

describe('a queue of syncs', () => {
  it('has eight open at most, and gets to all of them', async () => {
    const { disk, open } = held()
    const queue = folderSyncs(disk)
    for (let index = 0; index < 30; index++) queue.add(`/${index}`)
    let isDone = false
    const done = queue.done().then(() => (isDone = true))
    const seen: string[] = []
    while (open.length > 0) {
      expect(open.length).toBeLessThanOrEqual(8)
      expect(isDone).toBe(false)
      const [first] = open.splice(0, 1)
      seen.push(first!.path)
      first!.resolve()
      await microtasks()
    }
    await done
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => `/${index}`))
  })

  it('makes durable again what is added while it is at it, and once what is added twice', async () => {
    const { disk, open } = held()
    const queue = folderSyncs(disk)
    const paths = Array.from({ length: 8 }, (_, index) => `/${index}`)
    for (const path of [...paths, '/0', '/0', '/8', '/8']) queue.add(path)
    for (let at = 0; at < open.length; at++) {
      open[at]!.resolve()
      await microtasks()
    }
    await queue.done()
    expect(open.map(({ path }) => path)).toEqual([...paths, '/0', '/8'])
  })

  it('begins again each time after it was idle', async () => {
    const { disk, open } = held()
    const queue = folderSyncs(disk)
    for (let index = 0; index < 10; index++) {
      queue.add(`/${index}`)
      expect(open.at(-1)?.path).toBe(`/${index}`)
      open.at(-1)!.resolve()
      await queue.done()
    }
  })

  it('throws the first failure, after everything has ended', async () => {
    const { disk, open } = held()
    const queue = folderSyncs(disk)
    for (const path of ['/a', '/b', '/c']) queue.add(path)
    let failure: unknown
    const done = queue.done().catch((error: unknown) => (failure = error))
    open[1]!.reject('broken')
    open[0]!.reject('broken as well')
    await microtasks()
    expect(failure).toBeUndefined()
    open[2]!.resolve()
    await done
    expect(failure).toBe('broken')
  })

  it('forgets what waits when it is stopped, and waits for what is open', async () => {
    const { disk, open } = held()
    const queue = folderSyncs(disk)
    for (let index = 0; index < 12; index++) queue.add(`/${index}`)
    let stopped = false
    const stop = queue.stop().then(() => (stopped = true))
    await microtasks()
    expect(stopped).toBe(false)
    for (const { resolve } of open) resolve()
    await stop
    expect(open).toHaveLength(8)
  })

  it('makes the content of files durable, and closes them when that fails', async () => {
    const disk = createSimulatedDisk({
      intercept: ({ name, path }) => (name === 'fsync' && path === '/bad' ? { errno: 'EIO' } : undefined),
    })
    const queue = fileSyncs(disk)
    for (const path of ['/good', '/bad']) {
      const file = await disk.open(path, 'create')
      await file.write(Buffer.from('content'), 0)
      await file.close()
      queue.add(path)
    }
    await disk.fsyncFolder('/')
    await expect(queue.done()).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    for (let seed = 0; seed < 20; seed++) expect(disk.crash({ seed }).statSync('/good').size).toBe('content'.length)
  })
})
