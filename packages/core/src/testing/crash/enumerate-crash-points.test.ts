import { describe, expect, it } from 'vitest'
import { sleep } from '../../clock/sleep.ts'
import { exists } from '../../disk/exists.ts'
import type { CrashWorkload } from './crash-workload.ts'
import { enumerateCrashPoints } from './enumerate-crash-points.ts'

describe('enumerateCrashPoints', () => {
  const twoWrites: CrashWorkload<void, string> = {
    async run({ disk }) {
      const file = await disk.open('/file', 'create')
      await file.write(new Uint8Array(600), 0)
      await file.read(new Uint8Array(1), 0)
      await file.fsync()
      await file.close()
    },
    recover: async () => {},
    check: () => {},
  }

  it('cuts before each call that changes something, halfway through writes and at the end', async () => {
    const seen: string[] = []
    const workload = {
      ...twoWrites,
      check: () => {
        throw new Error('seen')
      },
    }
    const { points, violations } = await enumerateCrashPoints(workload)
    for (const { moment } of violations) seen.push(moment)
    expect(points).toBe(5)
    expect(seen).toEqual([
      'before open of /file (operation 0)',
      'before write of /file (operation 1)',
      'halfway write of /file (operation 1)',
      'before fsync of /file (operation 2)',
      'at the end',
    ])
  })

  it('hears no acknowledgement after the crash', async () => {
    const heard = new Set<number>()
    await enumerateCrashPoints<void, string>({
      async run({ disk, acknowledge }) {
        await disk.makeFolder('/a').catch(() => {})
        acknowledge('made')
        await disk.makeFolder('/b').catch(() => {})
        acknowledge('made')
      },
      recover: async () => {},
      check: ({ acknowledged }) => void heard.add(acknowledged.length),
    })
    expect([...heard]).toEqual([0, 1, 2])
  })

  it('keeps what was prepared, whatever the seed', async () => {
    const { violations } = await enumerateCrashPoints<boolean, never>(
      {
        async prepare(disk) {
          await disk.makeFolder('/a/b')
          await (await disk.open('/a/b/c', 'create')).close()
        },
        run: ({ disk }) => disk.rename('/a/b', '/a/d'),
        recover: async (disk) => (await exists(disk, '/a/b/c')) || (await exists(disk, '/a/d/c')),
        check({ recovered }) {
          if (!recovered) throw new Error('lost')
        },
      },
      { seeds: 30 },
    )
    expect(violations).toEqual([])
  })

  it('lets simulated time pass in the work', async () => {
    let ended = 0
    await enumerateCrashPoints<void, never>({
      ...twoWrites,
      async run({ disk, clock }) {
        await sleep('1h', { clock })
        await disk.makeFolder('/later')
        ended = clock.now()
      },
    })
    expect(new Date(ended).toISOString()).toBe('2026-01-01T01:00:00.000Z')
  })

  it('refuses work that does something else each time', async () => {
    let runs = 0
    const search = enumerateCrashPoints<void, never>({
      ...twoWrites,
      run: ({ disk }) => disk.makeFolder(`/run-${runs++}`),
    })
    await expect(search).rejects.toMatchObject({ code: 'CORE_TESTING_NOT_DETERMINISTIC', details: { index: 0 } })
  })

  it('refuses work that does less the next time', async () => {
    let runs = 0
    const search = enumerateCrashPoints<void, never>({
      ...twoWrites,
      run: async ({ disk }) => (runs++ === 0 ? disk.makeFolder('/once') : undefined),
    })
    await expect(search).rejects.toMatchObject({ code: 'CORE_TESTING_NOT_DETERMINISTIC' })
  })

  it('throws what the work throws of itself', async () => {
    const broken = { ...twoWrites, run: () => Promise.reject(new Error('broken')) }
    await expect(enumerateCrashPoints(broken)).rejects.toThrow('broken')
  })

  it('reports progress and stops when told to', async () => {
    const abort = new AbortController()
    const seen: unknown[] = []
    const search = enumerateCrashPoints(twoWrites, {
      signal: abort.signal,
      onProgress(progress) {
        seen.push(progress)
        abort.abort(new Error('enough'))
      },
    })
    await expect(search).rejects.toThrow('enough')
    expect(seen).toEqual([{ seed: 1, done: 1, total: 5 }])
  })
})
