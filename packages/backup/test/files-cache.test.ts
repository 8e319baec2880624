import { nextTurn } from '@exprsn/core'
import { parentPath, type Disk } from '@exprsn/core/disk'
import { memoryStore } from '@exprsn/core/storage'
import { createSimulatedDisk, SeededRandom, SimulatedClock, type SimulatedDisk } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BackupSource, Repository } from '../src/repository/index.ts'
import { filesSource } from '../src/sources/index.ts'
import { backUp, openTestRepository, silent } from './run-source.ts'

const root = '/srv/files'
const cacheFolder = '/cache'

let clock: SimulatedClock
let disk: SimulatedDisk
let repository: Repository
beforeEach(async () => {
  clock = new SimulatedClock()
  disk = createSimulatedDisk({ clock })
  await disk.makeFolder(root)
  repository = await openTestRepository(memoryStore())
})
afterEach(() => repository.close())

/** The files, on a disk that is given, at the time of the simulation. */
function source(on: Disk = disk): BackupSource {
  const files = filesSource({ paths: [root], exclude: ['*.tmp'], disk: on, posix: false })
  return { ...files, backup: (context) => files.backup({ ...context, clock }) }
}

async function write(path: string, content: string): Promise<void> {
  await disk.makeFolder(parentPath(path))
  const file = await disk.open(path, 'truncate')
  await file.write(Buffer.from(content), 0)
  await file.close()
}

/** All that lies in a folder, and in it. */
function pathsIn(folder: string): string[] {
  return disk.entriesSync(folder).flatMap(({ name, kind }) => {
    const path = `${folder}/${name}`
    return kind === 'folder' ? [path, ...pathsIn(path)] : [path]
  })
}

/** The system's disk, and how often it was asked for all facts or for those that show a change. */
function watched() {
  const counts = { stats: 0, glances: 0 }
  const on: Disk = {
    ...disk,
    statSync(path) {
      counts.stats++
      return disk.statSync(path)
    },
    glanceSync(path) {
      counts.glances++
      return disk.glanceSync(path)
    },
  }
  return { counts, on }
}

/** Changes one thing by chance. */
async function change(random: SeededRandom): Promise<void> {
  const pick = (count: number): number => random.uint32() % count
  const paths = pathsIn(root)
  const path = paths[pick(paths.length || 1)]
  const folders = [root, ...paths.filter((each) => disk.statSync(each).kind === 'folder')]
  const fresh = `${folders[pick(folders.length)]!}/${'abcdefgh'[pick(8)]!}${['', '', '.tmp'][pick(3)]!}${pick(1_000)}`
  const action = pick(8)
  if (action < 3 || path === undefined) return write(fresh, 'x'.repeat(pick(4)))
  const { kind } = disk.statSync(path)
  if (action === 3 && kind !== 'symlink') return disk.setMode(path, 0o600 + pick(64))
  if (action === 4) return disk.setTimes(path, { accessedAt: 0n, modifiedAt: BigInt(pick(1_000)) })
  // A folder cannot move into itself.
  if (action === 5 && !fresh.startsWith(`${path}/`)) return disk.rename(path, fresh)
  if (action === 6) return disk.symlink('somewhere', fresh).catch(() => {})
  if (kind === 'file') return pick(2) === 0 ? disk.removeFile(path) : write(path, 'y'.repeat(pick(4)))
}

describe('the cache of a walk', () => {
  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'makes the snapshot that is made without it, whatever changed (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed)
      for (let round = 0; round < 12; round++) {
        for (let changes = random.uint32() % 6; changes > 0; changes--) await change(random)
        // What changed less than two seconds ago is not remembered, and may change again within a tick of the clock.
        if (random.uint32() % 3 > 0) await clock.advanceBy(5_000)
        const again = await backUp(repository, source(), { cacheFolder })
        const anew = await backUp(repository, source())
        const { tree, files, folders, bytes } = anew
        expect(again).toMatchObject({ tree, files, folders, bytes })
        expect(again.problems).toEqual([])
      }
    },
  )

  it('takes no more than a glance at each entry of folders in which nothing changed', async () => {
    for (const path of ['a', 'b', 'x.tmp', 'sub/c', 'sub/deep/d', 'other/e']) await write(`${root}/${path}`, path)
    await clock.advanceBy(5_000)
    await backUp(repository, source(), { cacheFolder })
    const { counts, on } = watched()
    expect(await backUp(repository, source(on), { cacheFolder })).toMatchObject({ files: 5, filesRead: 0 })
    // Folders on the way to what is selected are looked at in any case.
    expect(counts).toEqual({ stats: 2, glances: 8 })
  })

  it('goes on while the repository is being opened, until many files wait to be read', async () => {
    for (let number = 0; number < 2_100; number++) await write(`${root}/${number}`, 'content')
    const { counts, on } = watched()
    const session = await repository.begin()
    const opening = Promise.withResolvers<void>()
    const backup = source(on).backup({
      ...{ name: 'files', cacheFolder: undefined, clock, logger: silent, onProgress: undefined, signal: undefined },
      session: async () => {
        await opening.promise
        return session
      },
    })
    for (let turn = 0; turn < 200; turn++) await nextTurn()
    expect(counts.stats).toBe(2 + 2_001)
    opening.resolve()
    expect(await backup).toMatchObject({ files: 2_100, filesRead: 2_100 })
    await session.end()
  })

  it('ends a walk over what has not changed, too, when it is told to', async () => {
    await write(`${root}/a`, 'a')
    await clock.advanceBy(5_000)
    await backUp(repository, source(), { cacheFolder })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(backUp(repository, source(), { cacheFolder, signal })).rejects.toThrow('enough')
  })

  it('looks again at what lies in a changed folder and in those above it, and reads what is new', async () => {
    for (const path of ['a', 'b', 'sub/c', 'sub/deep/d', 'other/e', 'other/f']) await write(`${root}/${path}`, path)
    await clock.advanceBy(5_000)
    await backUp(repository, source(), { cacheFolder })
    await write(`${root}/sub/new`, 'new')
    await clock.advanceBy(5_000)
    const { counts, on } = watched()
    expect(await backUp(repository, source(on), { cacheFolder })).toMatchObject({ files: 7, filesRead: 1 })
    // Those of the root (4) and of sub (3).
    expect(counts.stats).toBe(2 + 4 + 3)
    // What was only glanced at is remembered still.
    await write(`${root}/other/e`, 'changed')
    await disk.rename(`${root}/other/f`, `${root}/f`)
    await clock.advanceBy(5_000)
    expect(await backUp(repository, source(), { cacheFolder })).toMatchObject({ files: 7, filesRead: 1 })
  })

  it('keeps entries apart whose inodes no number can tell', async () => {
    for (const name of ['one', 'two']) await disk.symlink('target', `${root}/${name}`)
    await clock.advanceBy(5_000)
    const inodes = new Map([
      [`${root}/one`, 2n ** 60n],
      [`${root}/two`, 2n ** 60n + 1n],
    ])
    const statSync: Disk['statSync'] = (path) => {
      const stat = disk.statSync(path)
      return { ...stat, inode: inodes.get(String(path)) ?? stat.inode }
    }
    const glanceSync: Disk['glanceSync'] = (path) => {
      const glance = disk.glanceSync(path)
      return { ...glance, inode: Number(inodes.get(String(path)) ?? glance.inode) }
    }
    const on: Disk = { ...disk, statSync, glanceSync }
    const first = await backUp(repository, source(on), { cacheFolder })
    expect((await backUp(repository, source(on), { cacheFolder })).tree).toBe(first.tree)
    inodes.set(`${root}/one`, 2n ** 60n + 2n)
    const second = await backUp(repository, source(on), { cacheFolder })
    expect(second.tree).toBe((await backUp(repository, source(on))).tree)
    expect(second.tree).not.toBe(first.tree)
  })

  it('reports what cannot be looked at, once, and leaves it out', async () => {
    for (const path of ['a', 'shut/b']) await write(`${root}/${path}`, path)
    await clock.advanceBy(5_000)
    await backUp(repository, source(), { cacheFolder })
    const denied = (): never => disk.statSync('/nothing') as never
    const on: Disk = {
      ...disk,
      namesSync: (path) => (path === `${root}/shut` ? denied() : disk.namesSync(path)),
    }
    const { problems, problemCount } = await backUp(repository, source(on), { cacheFolder })
    expect(problems).toMatchObject([{ path: `${root}/shut`, kind: 'vanished' }])
    expect(problemCount).toBe(1)
  })
})
