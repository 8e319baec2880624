import { systemDisk, makeTemporaryFolder, removeTree, writeFileAtomic } from '@exprsn/core/disk'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyCache, loadStatCache, type FileFacts } from './stat-cache.ts'

let folder: string
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

const now = 1_700_000_000_000_000_000n
const id = (letter: string) => letter.repeat(64)
const facts = (inode: bigint, changes: Partial<FileFacts> = {}): FileFacts => ({
  ...{ device: 5n, inode, size: 10, modifiedAt: 1_000n, changedAt: 2_000n },
  ...changes,
})

describe('the cache of files', () => {
  it('finds what was remembered, and nothing that differs in any fact', async () => {
    const files = fc.uniqueArray(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 50 })
    await fc.assert(
      fc.asyncProperty(files, async (inodes) => {
        const written = emptyCache(now)
        for (const inode of inodes) written.rememberContent(facts(inode), [id('a'), id('b')])
        await writeFileAtomic(systemDisk, `${folder}/cache`, written.encode(id('0'), 'v')!)
        const read = await loadStatCache(systemDisk, `${folder}/cache`, 'v', now)
        for (const inode of inodes) expect(read.contentOf(facts(inode))?.()).toEqual([id('a'), id('b')])
        const first = inodes[0]!
        // Beyond what 64 bits hold: as some file systems do from 2262 on.
        const beyond = { modifiedAt: 1_000n + 2n ** 64n }
        for (const other of [{ device: 6n }, { size: 11 }, { modifiedAt: 1_001n }, { changedAt: 2_001n }, beyond])
          expect(read.contentOf(facts(first, other))).toBeUndefined()
      }),
      { numRuns: 30 },
    )
  })

  it('carries on what was found again, and forgets the rest', async () => {
    const path = `${folder}/cache`
    const first = emptyCache(now)
    for (const inode of [1n, 2n]) first.rememberContent(facts(inode), [id('a')])
    for (const digest of [id('1'), id('2')]) first.rememberTree(digest, id('c'))
    await writeFileAtomic(systemDisk, path, first.encode(id('0'), 'v')!)
    const second = await loadStatCache(systemDisk, path, 'v', now)
    expect(second.tree).toBe(id('0'))
    second.contentOf(facts(1n))
    expect(second.treeOf(id('1'))).toBe(id('c'))
    await writeFileAtomic(systemDisk, path, second.encode(id('9'), 'v')!)
    const third = await loadStatCache(systemDisk, path, 'v', now)
    expect([third.tree, third.contentOf(facts(1n))?.(), third.contentOf(facts(2n))]).toEqual([
      id('9'),
      [id('a')],
      undefined,
    ])
    expect([third.treeOf(id('1')), third.treeOf(id('2'))]).toEqual([id('c'), undefined])
  })

  it('carries on the content of every file, whichever were lost and came between', async () => {
    const path = `${folder}/cache`
    const content = fc.array(fc.constantFrom('a', 'b', 'c').map(id), { maxLength: 3 })
    const row = fc.record({ content, isFound: fc.boolean(), isNew: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (rows) => {
        const first = emptyCache(now)
        for (const [at, { content, isNew }] of rows.entries())
          if (!isNew) first.rememberContent(facts(BigInt(at)), content)
        await writeFileAtomic(systemDisk, path, first.encode(id('0'), 'v')!)
        const second = await loadStatCache(systemDisk, path, 'v', now)
        for (const [at, { content, isFound, isNew }] of rows.entries()) {
          if (isNew) second.rememberContent(facts(BigInt(at)), content)
          else if (isFound) second.contentOf(facts(BigInt(at)))
        }
        await writeFileAtomic(systemDisk, path, second.encode(id('1'), 'v')!)
        const third = await loadStatCache(systemDisk, path, 'v', now)
        expect(rows.map((_, at) => third.contentOf(facts(BigInt(at)))?.())).toEqual(
          rows.map(({ content, isFound, isNew }) => (isFound || isNew ? content : undefined)),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('knows the trees of its snapshot, those of folders that it cannot recognise as well', async () => {
    const path = `${folder}/cache`
    const first = emptyCache(now)
    first.rememberTree(id('1'), id('a'))
    first.rememberOtherTree(id('b'))
    await writeFileAtomic(systemDisk, path, first.encode(id('0'), 'v')!)
    const second = await loadStatCache(systemDisk, path, 'v', now)
    expect([id('a'), id('b'), id('1'), id('c')].map((each) => second.hasTree(each))).toEqual([true, true, false, false])
    expect(first.hasTree(id('a'))).toBe(false)
  })

  it('does not remember what changed a moment ago: it may change again within one tick of the clock', () => {
    const cache = emptyCache(now)
    expect(cache.isSettled(facts(1n, { changedAt: now - 1_000_000n }))).toBe(false)
    expect(cache.isSettled(facts(1n, { modifiedAt: now - 1_000_000n }))).toBe(false)
    expect(cache.isSettled(facts(1n, { changedAt: now - 10_000_000_000n }))).toBe(true)
  })

  it('is empty when any bit of its file has turned: an id that is wrong would be missed only by a restore', async () => {
    const path = `${folder}/cache`
    const whole = emptyCache(now)
    whole.rememberContent(facts(1n), [id('a'), id('b')])
    whole.rememberTree(id('1'), id('c'))
    const bytes = whole.encode(id('0'), 'v')!
    const load = async () => (await loadStatCache(systemDisk, path, 'v', now)).tree
    await writeFileAtomic(systemDisk, path, bytes)
    expect(await load()).toBe(id('0'))
    for (let at = 0; at < bytes.length; at++) {
      const turned = bytes.slice()
      turned[at]! ^= 1 << (at % 8)
      await writeFileAtomic(systemDisk, path, turned)
      expect(await load()).toBeUndefined()
    }
  })

  it('is empty when its file is missing, foreign, cut, or of other settings', async () => {
    const path = `${folder}/cache`
    const whole = emptyCache(now)
    whole.rememberContent(facts(1n), [id('a')])
    await writeFileAtomic(systemDisk, path, whole.encode(id('0'), 'v')!)
    expect((await loadStatCache(systemDisk, path, 'other', now)).tree).toBeUndefined()
    expect((await loadStatCache(systemDisk, `${folder}/none`, 'v', now)).tree).toBeUndefined()
    const file = await systemDisk.open(path, 'update')
    await file.truncate(100)
    expect((await loadStatCache(systemDisk, path, 'v', now)).tree).toBeUndefined()
    await file.write(Buffer.from('something else entirely'), 0)
    await file.close()
    const cache = await loadStatCache(systemDisk, path, 'v', now)
    expect([cache.tree, cache.contentOf(facts(1n))]).toEqual([undefined, undefined])
  })
})
