import { SimulatedClock } from '@exprsn/core/testing'
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sampleRepository } from '../../test/sample-repository.ts'
import { checkRepository, type CheckLevel } from './check-repository.ts'
import { packsOfTheDay } from './sample.ts'

const kindsOf = (problems: readonly { readonly kind: string }[]): string[] =>
  [...new Set(problems.map(({ kind }) => kind))].sort()

describe('checkRepository', () => {
  it.each([0, 1, 2, 3] as const)('finds nothing wrong with a sound repository at level %i', async (level) => {
    const { repository } = await sampleRepository()
    const report = await checkRepository(repository, { level, coverDays: 1 })
    expect(report).toMatchObject({ ok: true, level, problems: [], affected: [], snapshots: 2, unindexedPacks: 0 })
    expect(report.packsRead).toBe(level < 2 ? 0 : report.packs)
  })

  it('finds a missing pack at every level, and from level 1 on names the files that need it', async () => {
    for (const level of [0, 1, 3] as const) {
      const sample = await sampleRepository()
      const [pack] = await sample.keys('data/')
      await sample.store.delete(pack!)
      const { ok, problems, affected } = await checkRepository(await sample.reopen(), { level })
      expect(ok).toBe(false)
      expect(problems).toContainEqual({ kind: 'pack-missing', object: pack, reason: 'the store does not hold it' })
      expect(affected.length > 0).toBe(level > 0)
    }
  })

  it('finds a pack of another size at level 0', async () => {
    const sample = await sampleRepository()
    const [pack] = await sample.keys('data/')
    const bytes = await (await sample.store.get(pack!)).bytes()
    await sample.store.put(pack!, bytes.subarray(0, bytes.length - 1))
    expect(kindsOf((await checkRepository(await sample.reopen(), { level: 0 })).problems)).toEqual(['pack-size'])
  })

  it('finds a damaged header at level 1 and damaged content at level 3', async () => {
    for (const [index, level, kind] of [
      [-20, 1, 'pack-header'],
      [30, 3, 'blob-damaged'],
    ] as const) {
      const sample = await sampleRepository()
      const [pack] = await sample.keys('data/')
      await sample.flip(pack!, index)
      const report = await checkRepository(await sample.reopen(), { level })
      expect(kindsOf(report.problems)).toContain(kind)
      if (kind === 'blob-damaged') expect(report.affected.length).toBeGreaterThan(0)
    }
  })

  it('finds every flipped byte of every object at level 3', { timeout: 60_000 }, async () => {
    const sample = await sampleRepository(1)
    for (const key of await sample.keys()) {
      if (key === 'config' || key.startsWith('keys/')) continue
      const size = (await sample.store.head(key))!.size
      for (let index = 0; index < size; index += Math.max(1, Math.floor(size / 25))) {
        await sample.flip(key, index)
        const { ok } = await checkRepository(await sample.reopen(), { level: 3 })
        expect(ok, `${key}, byte ${index}`).toBe(false)
        await sample.flip(key, index)
      }
    }
    expect((await checkRepository(await sample.reopen(), { level: 3 })).ok).toBe(true)
  })

  it('names a missing index by the blobs that nobody can find', async () => {
    const sample = await sampleRepository(1)
    for (const key of await sample.keys('index/')) await sample.store.delete(key)
    const { problems, affected, unindexedPacks } = await checkRepository(await sample.reopen())
    expect(kindsOf(problems)).toEqual(['blob-missing'])
    expect(affected).toEqual([{ snapshot: expect.any(String) as string, path: '/' }])
    expect(unindexedPacks).toBe((await sample.keys('data/')).length)
  })

  it('names damaged indexes and snapshots', async () => {
    const sample = await sampleRepository()
    const [index] = await sample.keys('index/')
    const [snapshot] = await sample.keys('snapshots/')
    await sample.flip(index!, 40)
    await sample.flip(snapshot!, 40)
    const { problems } = await checkRepository(await sample.reopen(), { level: 0 })
    expect(problems.map(({ object }) => object)).toEqual(expect.arrayContaining([index, snapshot]))
  })

  it('reads every pack once within the days it promises', async () => {
    const clock = new SimulatedClock()
    const sample = await sampleRepository(6, { clock })
    const read = { packs: 0, all: 0 }
    for (let day = 0; day < 5; day++) {
      const report = await checkRepository(sample.repository, { level: 2, coverDays: 5 })
      read.packs += report.packsRead
      read.all = report.packs
      await clock.advanceBy('1d')
    }
    expect(read.packs).toBe(read.all)
  })

  it('reports progress, and stops when it is told to', async () => {
    const { repository } = await sampleRepository()
    const phases = new Set<string>()
    await checkRepository(repository, { level: 3, onProgress: ({ phase }) => phases.add(phase) })
    expect([...phases]).toEqual(['reading packs'])
    const stopped = checkRepository(repository, {
      level: 3 as CheckLevel,
      signal: AbortSignal.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
  })

  it.each([0, -1, 1.5])('refuses to cover everything in %d days', async (coverDays) => {
    const { repository } = await sampleRepository(0)
    await expect(checkRepository(repository, { level: 2, coverDays })).rejects.toMatchObject({
      code: 'BACKUP_VERIFY_OPTION_INVALID',
    })
  })
})

describe('packsOfTheDay', () => {
  it('covers every pack exactly once in any run of days', () => {
    const packs = Array.from({ length: 500 }, (_, index) => createHash('sha256').update(String(index)).digest('hex'))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 30_000 }), (days, start) => {
        const read = Array.from({ length: days }, (_, day) =>
          packsOfTheDay(packs, days, (start + day) * 86_400_000 + 5_000),
        ).flat()
        expect(read.sort()).toEqual([...packs].sort())
      }),
      { numRuns: 200 },
    )
  })
})
