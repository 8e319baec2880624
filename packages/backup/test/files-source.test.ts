import { systemClock } from '@exprsn/core'
import {
  makeTemporaryFolder,
  readFile,
  removeTree,
  systemDisk,
  type Disk,
  type DiskFile,
  type DiskPath,
  type DiskStat,
} from '@exprsn/core/disk'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { SeededRandom } from '@exprsn/core/testing'
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRepository, type Repository } from '../src/repository/index.ts'
import { filesSource, type FilesSourceOptions } from '../src/sources/index.ts'
import { listing, makeNastyTree } from './nasty-tree.ts'
import { backUp, restore, silent } from './run-source.ts'

let folder: string
let root: string
let store: ObjectStore
let repository: Repository
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  root = `${folder}/source`
  await systemDisk.makeFolder(`${root}/sub`)
  store = memoryStore()
  repository = await openRepository({
    ...{ store, password: 'secret', create: 'new', packSize: 1_048_576 },
    scrypt: { N: 1_024, r: 8, p: 1 },
  })
})
afterEach(async () => {
  await repository.close()
  await removeTree(systemDisk, folder)
})

const source = (options: Partial<FilesSourceOptions> = {}) => filesSource({ paths: [root], threads: 0, ...options })

async function write(path: string, content: string | Uint8Array): Promise<void> {
  const file = await systemDisk.open(`${root}/${path}`, 'truncate')
  await file.write(typeof content === 'string' ? Buffer.from(content) : content, 0)
  await file.close()
}

/** Lets the files be old enough to be remembered: what changed within two seconds is read again. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 2_100))
}

async function paths(snapshot: string): Promise<string[]> {
  const found: string[] = []
  for await (const { path } of repository.entries(snapshot, root, { recursive: true }))
    found.push(path.slice(root.length))
  return found.toSorted((left, right) => (left < right ? -1 : 1))
}

describe('filesSource', () => {
  it('brings everything back', async () => {
    await makeNastyTree(root)
    const { snapshot, files, folders, bytes, problems } = await backUp(repository, source())
    expect(problems).toEqual([])
    const back = await restore(repository, source(), { snapshot, into: `${folder}/back` })
    expect(listing(`${folder}/back${root}`)).toBe(listing(root))
    expect(back).toMatchObject({ files, folders, problems: [] })
    // Further names of a file hold no bytes of their own.
    expect(back.bytes).toBeLessThan(bytes)
  })

  it('stores equal content once, and a second run stores nothing', async () => {
    const content = new SeededRandom(1).bytes(3_000_000)
    await write('one', content)
    await write('sub/two', content)
    const first = await repository.begin()
    await first.end()
    const { snapshot } = await backUp(repository, source())
    const again = await backUp(repository, source())
    // Folders above the source are in the tree, too, and others make theirs there meanwhile.
    const below = async ({ id }: { readonly id: string }) => {
      const found = []
      for await (const entry of repository.entries(id, root)) found.push(entry)
      return found
    }
    const expected = await below(snapshot)
    expect(expected).toHaveLength(2)
    expect(await below(again.snapshot)).toEqual(expected)
    const session = await repository.begin()
    await session.writer.ready()
    expect([...session.writer.known('data')].length).toBeLessThan(6)
    await session.end()
  })

  it('reads again only what changed, wherever it moved to', async () => {
    const random = new SeededRandom(2)
    for (const name of ['a', 'b', 'sub/c', 'sub/d']) await write(name, random.bytes(1_000))
    await settle()
    const cacheFolder = `${folder}/cache`
    const first = await backUp(repository, source(), { cacheFolder })
    expect(first.filesRead).toBe(4)
    expect(await backUp(repository, source(), { cacheFolder })).toMatchObject({
      filesRead: 0,
      files: 4,
      folders: first.folders,
    })
    await systemDisk.rename(`${root}/sub`, `${root}/moved`)
    await write('a', 'changed')
    const second = await backUp(repository, source(), { cacheFolder })
    expect(second.filesRead).toBe(1)
    await restore(repository, source(), { snapshot: second.snapshot, into: `${folder}/back` })
    expect(listing(`${folder}/back${root}`)).toBe(listing(root))
  })

  it('makes the tree that it makes without a cache after owners got other names, and reads no file for it', async () => {
    await write('sub/file', 'content')
    await settle()
    const cacheFolder = `${folder}/cache`
    const users = `${folder}/passwd`
    const disk: Disk = {
      ...systemDisk,
      open: (path, ...rest) => systemDisk.open(path === '/etc/passwd' ? users : path, ...rest),
    }
    const name = async (text: string): Promise<void> => {
      const file = await systemDisk.open(users, 'truncate')
      await file.write(Buffer.from(`${text}:x:${process.getuid!()}:0::/:\n`), 0)
      await file.close()
    }
    const owner = async ({ id }: { readonly id: string }): Promise<string | undefined> => {
      for await (const { path, node } of repository.entries(id, `${root}/sub`))
        if (path.endsWith('/file')) return node.user
      return undefined
    }
    await name('before')
    expect(await owner((await backUp(repository, source({ disk }), { cacheFolder })).snapshot)).toBe('before')
    await name('after')
    const { snapshot, filesRead } = await backUp(repository, source({ disk }), { cacheFolder })
    expect([await owner(snapshot), filesRead]).toEqual(['after', 0])
  })

  it('does not read the index where no more changed than a folder above, and stores no tree twice', async () => {
    // Others make folders of theirs beside this one meanwhile.
    const above = new Map<DiskPath, DiskStat>()
    const statSync = (path: DiskPath): DiskStat => {
      const stat = above.get(path) ?? systemDisk.statSync(path)
      if (root.startsWith(String(path))) above.set(path, stat)
      return stat
    }
    const selected = source({ paths: [`${root}/sub`], disk: { ...systemDisk, statSync } })
    await write('sub/file', 'content')
    await settle()
    // It may change again within the same tick of the clock: the folder that holds it is not recognised next time.
    await systemDisk.makeFolder(`${root}/sub/young`)
    const cacheFolder = `${folder}/cache`
    await backUp(repository, selected, { cacheFolder })
    above.set(root, { ...above.get(root)!, modifiedAt: 1n })
    const listed: (string | undefined)[] = []
    const list: ObjectStore['list'] = (options) => {
      listed.push(options?.prefix)
      return store.list(options)
    }
    const watched = await openRepository({ store: { ...store, list }, password: 'secret' })
    const { tree } = await backUp(watched, selected, { cacheFolder })
    expect(listed).not.toContain('index/')
    const session = await repository.begin()
    await session.writer.ready()
    await session.end()
    const trees = [...session.writer.known('tree')]
    expect(trees).toContain(tree)
    expect(new Set(trees).size).toBe(trees.length)
    // Without a cache it is the same.
    expect((await backUp(repository, selected)).tree).toBe(tree)
  })

  it('lets the opening of the repository get on while it has hardly begun', async () => {
    for (let number = 0; number < 600; number++) await write(`${number}`, '')
    let looked = 0
    const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))
    const disk: Disk = {
      ...systemDisk,
      statSync(path) {
        looked++
        return systemDisk.statSync(path)
      },
      async stat(path) {
        await turn()
        return systemDisk.statSync(path)
      },
    }
    const session = await repository.begin()
    let lookedWhenOpen = Infinity
    const open = async () => {
      for (let call = 0; call < 20; call++) await turn()
      lookedWhenOpen = looked
      return session
    }
    const { files } = await source({ disk }).backup({
      ...{ name: 'files', session: open, cacheFolder: undefined, clock: systemClock, logger: silent },
      ...{ onProgress: undefined, signal: undefined },
    })
    await session.end()
    expect(files).toBe(600)
    expect(lookedWhenOpen).toBeLessThan(250)
  })

  it('lets others have their turn while it looks at many entries, as deep as folders go', async () => {
    await systemDisk.makeFolder(`${root}/sub${'/d'.repeat(1_500)}`)
    for (let number = 0; number < 1_200; number++) await write(`${number}`, '')
    let looked = 0
    let most = 0
    let turn: NodeJS.Immediate | undefined
    const take = (): void => {
      most = Math.max(most, looked)
      looked = 0
      turn = setImmediate(take)
    }
    const statSync: Disk['statSync'] = (path) => {
      looked++
      return systemDisk.statSync(path)
    }
    const selected = source({ disk: { ...systemDisk, statSync } })
    take()
    const { files, folders } = await backUp(repository, selected)
    clearImmediate(turn)
    most = Math.max(most, looked)
    // The folders on the way to what was selected are looked at in any case.
    const above = root.split('/').length - 1
    expect([files, folders - above]).toEqual([1_200, 1_501])
    expect(most).toBeGreaterThan(50)
    expect(most).toBeLessThanOrEqual(110)
  })

  it('does not trust a cache of another snapshot than the parent', async () => {
    await write('a', 'content')
    await settle()
    const cacheFolder = `${folder}/cache`
    const first = await backUp(repository, source(), { cacheFolder })
    await repository.forget([first.snapshot.id])
    await repository.prune()
    const second = await backUp(repository, source(), { cacheFolder })
    expect(second.filesRead).toBe(1)
    await restore(repository, source(), { snapshot: second.snapshot, into: `${folder}/back` })
    expect(listing(`${folder}/back${root}`)).toBe(listing(root))
  })

  it('does not take a file for unchanged that was written while it was backed up', async () => {
    await write('racy', 'first')
    const cacheFolder = `${folder}/cache`
    await backUp(repository, source(), { cacheFolder })
    const { modifiedAt, accessedAt } = await systemDisk.stat(`${root}/racy`)
    await write('racy', 'later')
    await systemDisk.setTimes(`${root}/racy`, { accessedAt, modifiedAt })
    expect((await backUp(repository, source(), { cacheFolder })).filesRead).toBe(1)
  })

  it('leaves out what is excluded', async () => {
    for (const name of ['keep', 'x.tmp', 'sub/y.tmp', 'sub/keep']) await write(name, name)
    const { snapshot } = await backUp(repository, source({ exclude: ['*.tmp'] }))
    expect(await paths(snapshot.id)).toEqual(['/keep', '/sub', '/sub/keep'])
  })

  it('names files that change or vanish while they are read, and sockets', async () => {
    for (const name of ['changes', 'vanishes', 'stays', 'replaced']) await write(name, name.repeat(100))
    const server = createServer().listen(`${root}/socket`)
    const disk = interfering(
      async (path) => {
        if (path.endsWith('/vanishes')) execFileSync('rm', [path])
        if (path.endsWith('/replaced')) execFileSync('sh', ['-c', `mv ${path} ${path}.old; ln -s /etc/passwd ${path}`])
      },
      (path) => {
        if (path.endsWith('/changes')) execFileSync('sh', ['-c', `echo more >> ${path}`])
      },
    )
    const { snapshot, problems, problemCount } = await backUp(repository, source({ disk }))
    server.close()
    expect(problems.map(({ path, kind }) => `${kind} ${path.slice(root.length)}`).toSorted()).toEqual([
      'changed /changes',
      'skipped /socket',
      'unreadable /replaced',
      'vanished /vanishes',
    ])
    expect(problemCount).toBe(4)
    expect(snapshot.problems).toEqual(problems)
    expect(await paths(snapshot.id)).toEqual(['/changes', '/stays', '/sub'])
    // What was read is what the snapshot says: its size and its content agree.
    await restore(repository, source(), { snapshot, into: `${folder}/back` })
    const content = Buffer.from(await readFile(systemDisk, `${folder}/back${root}/changes`)).toString()
    expect(content.startsWith('changes')).toBe(true)
  })

  it('stops when told to', async () => {
    await write('file', 'content')
    const reason = new Error('enough')
    await expect(backUp(repository, source(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await repository.snapshots()).toEqual([])
  })

  it('refuses paths and options that make no sense', async () => {
    const missing = source({ paths: [root, `${root}/nothing`] })
    await expect(backUp(repository, missing)).rejects.toMatchObject({ code: 'BACKUP_FILES_PATH_MISSING' })
    const invalid = expect.objectContaining({ code: 'BACKUP_FILES_OPTION_INVALID' })
    expect(() => source({ paths: [] })).toThrow(invalid)
    expect(() => source({ paths: [''] })).toThrow(invalid)
    expect(() => source({ threads: -1 })).toThrow(invalid)
    expect(() => source({ threads: 1, disk: systemDisk })).toThrow(invalid)
    expect(() => source({ exclude: [''] })).toThrow(invalid)
    expect(() => source({ chunker: 'other' as 'gear' })).toThrow(invalid)
  })

  it('does without the calls that Node lacks, and says so', async () => {
    await write('file', 'content')
    const { omitted, snapshot } = await backUp(repository, source({ posix: false }))
    expect(omitted).toEqual(['extended attributes'])
    await restore(repository, source({ posix: false }), { snapshot, into: `${folder}/back` })
    const [before, after] = await Promise.all(
      [`${root}/file`, `${folder}/back${root}/file`].map((path) => systemDisk.stat(path)),
    )
    expect(Math.abs(Number(after!.modifiedAt - before!.modifiedAt))).toBeLessThan(1_000)
  })

  it('walks and reads in threads to the same snapshot, and ends at once when told to and when the store fails', () => {
    const child = fileURLToPath(new URL('files-threads-child.ts', import.meta.url))
    const sources = fileURLToPath(new URL('../src', import.meta.url))
    const options = { encoding: 'utf8', timeout: 120_000 } as const
    const output = execFileSync(process.execPath, ['--conditions=@exprsn/source', child, sources], options)
    const { inline, threaded, stopped, refused, small } = JSON.parse(output)
    expect(threaded).toEqual(inline)
    expect(inline).toMatchObject({ problems: [], read: inline.bytes, again: [true, 0] })
    expect(inline.files).toBeGreaterThan(100)
    expect(stopped).toBe('enough')
    expect(refused).toContain('full')
    expect(small).toBe(1)
  }, 120_000)
})

describe('restoring files', () => {
  it('refuses a target that is not empty, no folder, or no path', async () => {
    await write('file', 'content')
    const { snapshot } = await backUp(repository, source())
    const into = async (target: unknown) => restore(repository, source(), { snapshot, into: target })
    await expect(into(root)).rejects.toMatchObject({ code: 'BACKUP_FILES_TARGET_NOT_EMPTY' })
    for (const target of [`${root}/file`, '', 5, 'zero\0byte'])
      await expect(into(target)).rejects.toMatchObject({ code: 'BACKUP_FILES_TARGET_INVALID' })
  })

  it('looks whether there is room before it writes', async () => {
    await write('file', 'content')
    const { snapshot } = await backUp(repository, source())
    const disk: Disk = { ...systemDisk, space: async () => ({ free: 3, total: 10 }) }
    const full = filesSource({ paths: [root], disk })
    await expect(restore(repository, full, { snapshot, into: `${folder}/back` })).rejects.toMatchObject({
      code: 'BACKUP_FILES_NO_SPACE',
      details: { needed: 7, free: 3 },
    })
    expect(listing(folder)).not.toContain('back')
  })

  it('restores a part, with the folders on the way', async () => {
    for (const name of ['a', 'sub/b', 'sub/c', 'subsequent']) await write(name, name)
    const { snapshot } = await backUp(repository, source())
    await restore(repository, source(), { snapshot, into: `${folder}/back`, include: [`${root}/sub`] })
    const lines = listing(`${folder}/back${root}`).split('\n')
    const found = lines.filter((line) => line.includes('|')).map((line) => line.split('|')[0])
    expect(new Set(found)).toEqual(new Set(['sub', 'sub/b', 'sub/c']))
    const nothing = restore(repository, source(), { snapshot, into: `${folder}/other`, include: ['/nowhere'] })
    await expect(nothing).rejects.toMatchObject({ code: 'BACKUP_FILES_NOT_IN_SNAPSHOT' })
  })

  it('is closed to others until it is whole', async () => {
    await write('file', 'content')
    const { snapshot } = await backUp(repository, source())
    const modes = new Set<number>()
    const into = `${folder}/back`
    const openSync: Disk['openSync'] = (path, mode, options) => {
      modes.add(systemDisk.statSync(into).mode)
      return systemDisk.openSync(path, mode, options)
    }
    const watched = filesSource({ paths: [root], disk: { ...systemDisk, openSync } })
    await restore(repository, watched, { snapshot, into })
    expect([...modes]).toEqual([0o700])
    expect((await systemDisk.stat(into)).mode).toBe(0o755)
  })
})

/** The system's disk, on which something happens before a file is opened, and after it was read. */
function interfering(beforeOpen: (path: string) => unknown, afterRead: (path: string) => void): Disk {
  const openSync: Disk['openSync'] = (path, mode, options) => {
    void beforeOpen(String(path))
    const file = systemDisk.openSync(path, mode, options)
    const readSync: DiskFile['readSync'] = (target, position) => {
      const length = file.readSync(target, position)
      afterRead(String(path))
      return length
    }
    return {
      ...{ path, readSync },
      statSync: () => file.statSync(),
      closeSync: () => file.closeSync(),
    } as unknown as DiskFile
  }
  return { ...systemDisk, openSync }
}
