import { makeTemporaryFolder, removeTree, systemDisk, type Disk, type DiskStat } from '@exprsn/core/disk'
import { memoryStore } from '@exprsn/core/storage'
import { SeededRandom } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeTree, openRepository, type Repository, type TreeNode } from '../src/repository/index.ts'
import { filesSource } from '../src/sources/index.ts'
import { backUp, restore } from './run-source.ts'

// What these sizes cost in truth – every byte read, every name made – is shown by `npm run simulate -- backup-extremes`.
let folder: string
let repository: Repository
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  repository = await openRepository({
    ...{ store: memoryStore(), password: 'secret', create: 'new' },
    scrypt: { N: 1_024, r: 8, p: 1 },
  })
})
afterEach(async () => {
  await repository.close()
  await removeTree(systemDisk, folder)
})

const facts = { mode: 0o644, modifiedAt: 0n, accessedAt: 0n, changedAt: 0n, userId: 0, groupId: 0 }

describe('a file of more than 4 GiB', () => {
  it('comes back with its size, its holes and what lies beyond them where it lay', async () => {
    const random = new SeededRandom(1)
    const hole = new Uint8Array(8 * 2 ** 20)
    const pieces = { middle: random.bytes(10_001), end: random.bytes(5_003) }
    const session = await repository.begin()
    const save = async (plain: Uint8Array): Promise<string> => (await session.writer.save('data', plain)).id
    const zeros = Array<string>(2 ** 9).fill(await save(hole))
    const content = [...zeros, await save(pieces.middle), ...zeros, await save(pieces.end)]
    const size = 2 ** 33 + 10_001 + 5_003
    const file: TreeNode = { ...facts, name: 'large', type: 'file', size, content }
    const tree = (await session.writer.save('tree', encodeTree([file]))).id
    const none = { hostname: '', username: '', tags: [], excludes: [], omitted: [], problems: [], problemCount: 0 }
    const snapshot = await session.commit({ ...none, paths: ['/'], time: new Date(0), tree })
    await session.end()

    const into = `${folder}/back`
    const source = filesSource({ paths: ['/'], threads: 0 })
    expect(await restore(repository, source, { snapshot, into })).toMatchObject({ bytes: size, problems: [] })
    const stat = await systemDisk.stat(`${into}/large`)
    expect(stat.size).toBe(size)
    expect(stat.allocated).toBeLessThan(2 ** 20)
    const handle = await systemDisk.open(`${into}/large`, 'read')
    const read = async (length: number, position: number): Promise<Uint8Array> => {
      const target = new Uint8Array(length)
      expect(await handle.read(target, position)).toBe(length)
      return target
    }
    expect(Buffer.compare(await read(10_001, 2 ** 32), pieces.middle)).toBe(0)
    expect(Buffer.compare(await read(5_003, 2 ** 33 + 10_001), pieces.end)).toBe(0)
    for (const position of [0, 2 ** 32 - 1_000, 2 ** 32 + 10_001, 2 ** 33])
      expect(Buffer.compare(await read(1_000, position), new Uint8Array(1_000)), String(position)).toBe(0)
    await handle.close()
  })
})

describe('a folder of many entries', () => {
  it('is saved whole and in the order of the bytes of names, whatever the order of the disk', async () => {
    await systemDisk.makeFolder(`${folder}/source`)
    // In UTF-16 the letters beyond the basic plane come before U+FF5E, in bytes after it.
    const names = Array.from({ length: 20_000 }, (_, number) => `${['a', '～', '😀', 'ä'][number % 4]}${number}`)
    const listed = await saved(names)
    const expected = names.map((name) => Buffer.from(name)).toSorted((left, right) => Buffer.compare(left, right))
    expect(listed.length).toBe(names.length)
    expect(listed.find((name, index) => name !== String(expected[index]))).toBeUndefined()
  })

  /** The names of a snapshot of a folder that lists these, shuffled. */
  async function saved(names: readonly string[]): Promise<string[]> {
    const source = filesSource({ paths: [`${folder}/source`], threads: 0, posix: false, disk: diskWith(names) })
    const { snapshot, files, problems } = await backUp(repository, source)
    expect({ files, problems }).toEqual({ files: names.length, problems: [] })
    const found: string[] = []
    for await (const { node } of repository.entries(snapshot.id, `${folder}/source`)) found.push(String(node.name))
    return found
  }

  /** The system's disk, but for the entries of the source: empty files that nobody made. */
  function diskWith(names: readonly string[]): Disk {
    const root = `${folder}/source`
    const random = new SeededRandom(2)
    const shuffled = names.map((name) => ({ name, place: random.bytes(6).toString() }))
    shuffled.sort((left, right) => (left.place < right.place ? -1 : 1))
    const inodes = new Map(names.map((name, index) => [`${root}/${name}`, BigInt(index + 1)]))
    const empty: Omit<DiskStat, 'inode'> = {
      ...{ kind: 'file', size: 0, mode: 0o644, userId: 0, groupId: 0, device: 1n, links: 1, allocated: 0 },
      ...{ accessedAt: 1n, modifiedAt: 1n, changedAt: 1n },
    }
    return {
      ...systemDisk,
      namesSync: (path) => (path === root ? shuffled.map(({ name }) => name) : systemDisk.namesSync(path)),
      statSync(path) {
        const inode = inodes.get(String(path))
        return inode === undefined ? systemDisk.statSync(path) : { ...empty, inode }
      },
    }
  }
})
