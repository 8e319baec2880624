import { describe, expect, it } from 'vitest'
import { sampleRepository } from '../../test/sample-repository.ts'
import { checkRepository } from './check-repository.ts'

describe('a check in threads', () => {
  it('finds what it finds without', async () => {
    const sample = await sampleRepository(3)
    const sound = await checkRepository(await sample.reopen(), { level: 3, threads: 2 })
    expect(sound).toMatchObject({ ok: true, problems: [], packsRead: sound.packs })
    for (const [number, key] of (await sample.keys('data/')).entries()) {
      if (number % 3 === 0) await sample.flip(key, 20)
      if (number % 3 === 1) await sample.flip(key, -10)
    }
    const [inThreads, here] = [
      await checkRepository(await sample.reopen(), { level: 3, threads: 2 }),
      await checkRepository(await sample.reopen(), { level: 3, threads: 0 }),
    ]
    const sorted = ({ problems, affected }: typeof here) => [
      problems.map((problem) => JSON.stringify(problem)).toSorted(),
      affected.map((entry) => JSON.stringify(entry)).toSorted(),
    ]
    expect(here.problems.length).toBeGreaterThan(1)
    expect(sorted(inThreads)).toEqual(sorted(here))
  })

  it('passes over what flipped on its way', async () => {
    const sample = await sampleRepository(1)
    const flipped = new Set<string>()
    const { get } = sample.store
    sample.store.get = async (key, options) => {
      const object = await get(key, options)
      if (!key.startsWith('data/') || options?.range !== undefined || flipped.has(key)) return object
      flipped.add(key)
      const bytes = await object.bytes()
      bytes[5]! ^= 1
      return { ...object, bytes: async () => bytes }
    }
    expect(await checkRepository(sample.repository, { level: 3, threads: 1 })).toMatchObject({ ok: true })
    expect(flipped.size).toBeGreaterThan(0)
  })

  it('can be given up', async () => {
    const sample = await sampleRepository(2)
    const controller = new AbortController()
    const { get } = sample.store
    sample.store.get = async (key, options) => {
      if (key.startsWith('data/')) controller.abort(new Error('enough'))
      return get(key, options)
    }
    const { signal } = controller
    const checking = checkRepository(sample.repository, { level: 3, threads: 2, signal })
    await expect(checking).rejects.toThrow('enough')
  })

  it('wants a number of threads', async () => {
    const { repository } = await sampleRepository(1)
    for (const threads of [-1, 0.5, Number.NaN])
      await expect(checkRepository(repository, { threads })).rejects.toMatchObject({
        code: 'BACKUP_VERIFY_OPTION_INVALID',
      })
  })
})
