import { systemClock, systemRandom, type Clock } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk, type Disk, type DiskPath, type DiskStat } from '@exprsn/core/disk'
import type { PosixCalls } from '@exprsn/core/drivers/posix'
import { memoryStore } from '@exprsn/core/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Repository } from '../src/repository/index.ts'
import { backUpFiles } from '../src/sources/files/back-up-files.ts'
import { pathFilter } from '../src/sources/files/path-filter.ts'
import { backUp, openTestRepository } from './run-source.ts'

let folder: string
let root: string
let repository: Repository
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  root = `${folder}/source`
  await systemDisk.makeFolder(root)
  repository = await openTestRepository(memoryStore())
})
afterEach(async () => {
  await repository.close()
  await removeTree(systemDisk, folder)
})

/** Others make folders of theirs beside this one meanwhile. */
const above = new Map<DiskPath, DiskStat>()
const disk: Disk = {
  ...systemDisk,
  statSync(path) {
    const stat = above.get(path) ?? systemDisk.statSync(path)
    if (root.startsWith(`${String(path)}/`) || path === '/') above.set(path, stat)
    return stat
  },
}
/** Fast: what was just written is old enough to be remembered. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() + 60_000 }
const attributes = [{ name: 'user.origin', value: Buffer.from('here') }]
const calls = { extendedAttributes: () => attributes } as unknown as PosixCalls

async function write(content: string): Promise<void> {
  const file = await systemDisk.open(`${root}/file`, 'truncate')
  await file.write(Buffer.from(content), 0)
  await file.close()
}

/** A backup with calls that are there or not, or that are not wanted, and how often they were loaded. */
async function run(posix: PosixCalls | undefined | false, cacheFolder?: string) {
  let loads = 0
  const load = async () => {
    loads++
    return posix || undefined
  }
  const chosen = { disk, random: systemRandom, threads: 0, chunker: 'gear', movable: false } as const
  const selected = { ...chosen, exclude: [], excluded: pathFilter([]), paths: [root] }
  const { tree, omitted, filesRead, snapshot } = await backUp(
    repository,
    {
      kind: 'files',
      backup: (context) =>
        backUpFiles({ ...selected, posix: posix === false ? undefined : load }, { ...context, clock }),
      restore: () => Promise.reject(new Error('nothing is restored')),
    },
    { cacheFolder },
  )
  const names: (string | undefined)[] = []
  for await (const { node } of repository.entries(snapshot.id, root)) names.push(node.extendedAttributes?.[0]?.name)
  return { tree, omitted, filesRead, names, loaded: loads > 0 }
}

const withAttributes = { omitted: [], names: ['user.origin'] }
const without = { omitted: ['extended attributes'], names: [undefined] }

describe('the calls that Node lacks', () => {
  it('are loaded when something changed, and at first', async () => {
    await write('first')
    const cacheFolder = `${folder}/cache`
    const first = await run(calls, cacheFolder)
    expect(first).toMatchObject({ ...withAttributes, loaded: true })
    expect(await run(calls, cacheFolder)).toEqual({ ...first, filesRead: 0, loaded: false })
    await write('another')
    expect(await run(calls, cacheFolder)).toMatchObject({ ...withAttributes, filesRead: 1, loaded: true })
    expect(await run(calls)).toMatchObject({ ...withAttributes, loaded: true })
  })

  it('are done without as soon as something changed, when they are gone', async () => {
    await write('first')
    const cacheFolder = `${folder}/cache`
    const first = await run(calls, cacheFolder)
    // What they have read is as it was.
    expect(await run(undefined, cacheFolder)).toEqual({ ...first, filesRead: 0, loaded: false })
    await write('another')
    const changed = await run(undefined, cacheFolder)
    expect(changed).toMatchObject({ ...without, filesRead: 1 })
    expect(await run(undefined, cacheFolder)).toMatchObject({ ...without, tree: changed.tree, filesRead: 0 })
    expect(await run(undefined)).toMatchObject({ ...without, tree: changed.tree })
    // And are used again when they are back.
    expect(await run(calls, cacheFolder)).toMatchObject(withAttributes)
  })

  it('are never loaded where nobody wants them', async () => {
    await write('first')
    expect(await run(false, `${folder}/cache`)).toMatchObject({ ...without, loaded: false })
    expect(await run(false, `${folder}/cache`)).toMatchObject({ ...without, filesRead: 0, loaded: false })
  })
})
