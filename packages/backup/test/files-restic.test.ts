import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { loadPosixCalls } from '@exprsn/core/drivers/posix'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNode } from '../src/repository/snapshot/resolve-path.ts'
import type { Repository, Snapshot } from '../src/repository/index.ts'
import { filesSource } from '../src/sources/index.ts'
import { listing, makeNastyTree } from './nasty-tree.ts'
import { restic, resticMissing } from './restic.ts'
import { backUp, openTestRepository, restore } from './run-source.ts'

let folder: string
let root: string
let repository: Repository
beforeAll(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  root = `${folder}/source`
  await systemDisk.makeFolder(root)
  await makeNastyTree(root)
  repository = await openTestRepository(`${folder}/repository`)
})
afterAll(async () => {
  await repository.close()
  await removeTree(systemDisk, folder)
})

const treeAt = async (snapshot: Snapshot): Promise<string | undefined> =>
  (await findNode(repository.reader, snapshot, root))?.subtree

// Skipped where there is no restic to compare with.
describe.skipIf(resticMissing !== undefined)('files, beside restic', () => {
  it('come to the same tree ids, so that all metadata and every cut is the same', async () => {
    const ours = await backUp(repository, filesSource({ paths: [root], chunker: 'rabin', threads: 0 }))
    expect(ours.problems).toEqual([])
    expect(ours.omitted).toEqual([])
    restic(`${folder}/repository`, ['backup', root])
    const theirs = await repository.snapshot('latest')
    expect(theirs.source).toBeUndefined()
    expect(await treeAt(theirs)).toBe(await treeAt(ours.snapshot))
  })

  it('are restored by restic from our snapshot, whichever way they were cut', async () => {
    const { snapshot } = await backUp(repository, filesSource({ paths: [root], threads: 0 }))
    expect(restic(`${folder}/repository`, ['check', '--read-data'])).toContain('no errors were found')
    restic(`${folder}/repository`, ['restore', snapshot.id, '--target', `${folder}/by-restic`])
    // restic 0.14 counts nanoseconds in 64 bits when it sets times, which end in 2262.
    const comparable = (text: string) => text.replace(/^2446.*$/m, '')
    expect(comparable(listing(`${folder}/by-restic${root}`))).toBe(comparable(listing(root)))
  })

  it('are restored by us from its snapshot', async () => {
    restic(`${folder}/repository`, ['backup', '--tag', 'theirs', root])
    const snapshot = await repository.snapshot('latest')
    const source = filesSource({ paths: [root], threads: 0 })
    const result = await restore(repository, source, { snapshot, into: `${folder}/by-us` })
    expect(result.problems).toEqual([])
    expect(listing(`${folder}/by-us${root}`)).toBe(listing(root))
    const posix = await loadPosixCalls()
    for (const name of ['text', 'deep'])
      expect(posix?.extendedAttributes(`${folder}/by-us${root}/${name}`)).toEqual(
        posix?.extendedAttributes(`${root}/${name}`),
      )
    const { allocated, size } = await systemDisk.stat(`${folder}/by-us${root}/sparse`)
    expect(size).toBe(40_000_000)
    expect(allocated).toBeLessThan(30_000_000)
  })
})
