import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSimulatedDisk } from '../testing/disk/simulated-disk.ts'
import { SeededRandom } from '../testing/random/seeded-random.ts'
import { copyFile } from './copy-file.ts'
import type { Disk } from './disk.ts'
import { exists } from './exists.ts'
import { makeTemporaryFolder } from './make-temporary-folder.ts'
import { joinPath } from './paths.ts'
import { readFile } from './read-file.ts'
import { removeTree } from './remove-tree.ts'
import { systemDisk } from './system-disk.ts'
import { temporaryPrefix } from './temporary-name.ts'
import { walk } from './walk.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

const text = async (disk: Disk, path: string): Promise<string> => Buffer.from(await readFile(disk, path)).toString()

describe.each(['system', 'simulated'] as const)('helpers on the %s disk', (which) => {
  let disk: Disk
  let folder: string
  beforeEach(async () => {
    disk = which === 'system' ? systemDisk : createSimulatedDisk()
    folder = await makeTemporaryFolder(disk)
  })
  afterEach(() => removeTree(disk, folder))

  describe('makeTemporaryFolder', () => {
    it('makes a new folder for its owner alone', async () => {
      const within = folder
      const made = await makeTemporaryFolder(disk, { within, prefix: 'x-', random: new SeededRandom(1) })
      expect(made).toMatch(/\/x-[0-9a-f]{32}$/)
      expect(await disk.stat(made)).toMatchObject({ kind: 'folder', mode: 0o700 })
    })
  })

  describe('readFile', () => {
    it('reads files of any size', async () => {
      for (const size of [0, 1, 2 ** 20, 2 ** 20 + 1, 3_000_000]) {
        const bytes = new SeededRandom(size).bytes(size)
        await writeFileAtomic(disk, `${folder}/file`, bytes, { durable: false })
        expect(Buffer.compare(await readFile(disk, `${folder}/file`), bytes)).toBe(0)
      }
    })

    it('refuses more than the limit, and takes the limit itself', async () => {
      await writeFileAtomic(disk, `${folder}/file`, new Uint8Array(100))
      expect(await readFile(disk, `${folder}/file`, { limit: 100 })).toHaveLength(100)
      await expect(readFile(disk, `${folder}/file`, { limit: 99 })).rejects.toMatchObject({
        code: 'CORE_DISK_TOO_LARGE',
        details: { limit: 99 },
      })
    })

    it('stops when told to', async () => {
      await writeFileAtomic(disk, `${folder}/file`, new Uint8Array(10))
      const signal = AbortSignal.abort(new Error('stop'))
      await expect(readFile(disk, `${folder}/file`, { signal })).rejects.toThrow('stop')
    })
  })

  describe('writeFileAtomic', () => {
    it('replaces content and leaves nothing else', async () => {
      await writeFileAtomic(disk, `${folder}/file`, Buffer.from('long content'))
      await writeFileAtomic(disk, `${folder}/file`, Buffer.from('short'), { permissions: 0o600 })
      expect(await text(disk, `${folder}/file`)).toBe('short')
      expect(await disk.stat(`${folder}/file`)).toMatchObject({ mode: 0o600 })
      expect(disk.entriesSync(folder)).toEqual([{ name: 'file', kind: 'file' }])
    })

    it('takes a name as long as names may be, and one of bytes', async () => {
      const raw = joinPath(folder, Uint8Array.of(0xfe))
      await writeFileAtomic(disk, `${folder}/${'n'.repeat(255)}`, Buffer.from('a'))
      await writeFileAtomic(disk, raw, Buffer.from('b'))
      expect(await readFile(disk, raw)).toHaveLength(1)
    })

    it('removes the temporary file when the name cannot be replaced', async () => {
      await disk.makeFolder(`${folder}/name/full`)
      await expect(writeFileAtomic(disk, `${folder}/name`, Buffer.from('x'))).rejects.toMatchObject({
        code: 'CORE_DISK_IS_A_FOLDER',
      })
      expect(disk.entriesSync(folder)).toEqual([{ name: 'name', kind: 'folder' }])
    })

    it('says where there is no folder', async () => {
      await expect(writeFileAtomic(disk, `${folder}/no/file`, Buffer.from('x'))).rejects.toMatchObject({
        code: 'CORE_DISK_NOT_FOUND',
        details: { operation: 'open' },
      })
    })

    it('does nothing when told to stop', async () => {
      const signal = AbortSignal.abort(new Error('stop'))
      await expect(writeFileAtomic(disk, `${folder}/f`, Buffer.from('x'), { signal })).rejects.toThrow('stop')
      expect(disk.entriesSync(folder)).toEqual([])
    })
  })

  describe('exists', () => {
    it('knows files, folders and dangling links, and what is not there', async () => {
      await disk.symlink('nowhere', `${folder}/link`)
      await writeFileAtomic(disk, `${folder}/file`, new Uint8Array())
      for (const name of ['', '/link', '/file']) expect(await exists(disk, folder + name)).toBe(true)
      for (const name of ['/missing', '/missing/below', '/file/below'])
        expect(await exists(disk, folder + name)).toBe(false)
      await expect(exists(disk, `${folder}/zero\0`)).rejects.toMatchObject({ code: 'CORE_DISK_PATH_INVALID' })
    })
  })

  describe('removeTree', () => {
    it('removes everything below, follows no link, and does not mind if there is nothing', async () => {
      await disk.makeFolder(`${folder}/outside`)
      await writeFileAtomic(disk, `${folder}/outside/kept`, new Uint8Array())
      await disk.makeFolder(`${folder}/tree/a/b`)
      await disk.symlink('../outside', `${folder}/tree/link`)
      await writeFileAtomic(disk, joinPath(`${folder}/tree/a`, Uint8Array.of(0xff)), new Uint8Array())
      await removeTree(disk, `${folder}/tree`)
      await removeTree(disk, `${folder}/tree`)
      await removeTree(disk, `${folder}/outside/kept`)
      expect(disk.entriesSync(folder)).toEqual([{ name: 'outside', kind: 'folder' }])
      expect(disk.entriesSync(`${folder}/outside`)).toEqual([])
    })

    it('may be called twice at once', async () => {
      for (let index = 0; index < 60; index++) await disk.makeFolder(`${folder}/tree/${index % 6}/${index}`)
      await Promise.all([removeTree(disk, `${folder}/tree`), removeTree(disk, `${folder}/tree`)])
      expect(disk.entriesSync(folder)).toEqual([])
    })

    it('removes more names than it takes at once', async () => {
      await disk.makeFolder(`${folder}/tree`)
      for (let index = 0; index < 1_050; index++) disk.openSync(`${folder}/tree/${index}`, 'create').closeSync()
      await removeTree(disk, `${folder}/tree`)
      expect(await exists(disk, `${folder}/tree`)).toBe(false)
    })

    it('stops when told to', async () => {
      const signal = AbortSignal.abort(new Error('stop'))
      await expect(removeTree(disk, folder, { signal })).rejects.toThrow('stop')
      expect(await exists(disk, folder)).toBe(true)
    })
  })

  describe('walk', () => {
    const seen = async (path: string): Promise<string[]> => {
      const all: string[] = []
      for await (const { path: found, stat } of walk(disk, path))
        all.push(`${String(found).slice(path.length)} ${stat.kind}`)
      return all
    }

    it('goes depth first in the order of bytes, and follows no link', async () => {
      await disk.makeFolder(`${folder}/b/inner`)
      await disk.makeFolder(`${folder}/a`)
      await disk.symlink('b', `${folder}/c`)
      for (const name of ['B', 'ä', 'b/z', 'b/inner/x'])
        await writeFileAtomic(disk, `${folder}/${name}`, new Uint8Array())
      expect(await seen(folder)).toEqual([
        '/B file',
        '/a folder',
        '/b folder',
        '/b/inner folder',
        '/b/inner/x file',
        '/b/z file',
        '/c symlink',
        '/ä file',
      ])
    })

    it('leaves out what disappears on the way', async () => {
      for (const name of ['a', 'b', 'c']) await disk.makeFolder(`${folder}/${name}/below`)
      const all: string[] = []
      for await (const { path } of walk(disk, folder)) {
        all.push(String(path).slice(folder.length))
        if (all.length === 1) {
          await removeTree(disk, `${folder}/b`)
          await removeTree(disk, `${folder}/a`)
        }
      }
      expect(all).toEqual(['/a', '/c', '/c/below'])
    })

    it('fails where it begins with nothing, and stops when told to', async () => {
      await expect(seen(`${folder}/missing`)).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
      await disk.makeFolder(`${folder}/a`)
      const signal = AbortSignal.abort(new Error('stop'))
      await expect(walk(disk, folder, { signal }).next()).rejects.toThrow('stop')
    })
  })

  describe('copyFile', () => {
    it('copies content and permissions, and replaces nothing', async () => {
      const bytes = new SeededRandom(3).bytes(2_500_000)
      await writeFileAtomic(disk, `${folder}/from`, bytes, { permissions: 0o640 })
      await copyFile(disk, `${folder}/from`, `${folder}/to`, { durable: true })
      expect(Buffer.compare(await readFile(disk, `${folder}/to`), bytes)).toBe(0)
      expect(await disk.stat(`${folder}/to`)).toMatchObject({ mode: 0o640 })
      await expect(copyFile(disk, `${folder}/from`, `${folder}/to`)).rejects.toMatchObject({ code: 'CORE_DISK_EXISTS' })
      expect(await exists(disk, `${folder}/to`)).toBe(true)
    })

    it('leaves no incomplete copy', async () => {
      await disk.makeFolder(`${folder}/from`)
      await expect(copyFile(disk, `${folder}/from`, `${folder}/to`)).rejects.toMatchObject({
        code: 'CORE_DISK_IS_A_FOLDER',
      })
      expect(await exists(disk, `${folder}/to`)).toBe(false)
    })
  })
})

describe('readFile on Linux', () => {
  it.runIf(process.platform === 'linux')('reads files whose size the system does not know', async () => {
    expect((await systemDisk.stat('/proc/self/maps')).size).toBe(0)
    const bytes = await readFile(systemDisk, '/proc/self/maps')
    expect(Buffer.from(bytes).toString().split('\n').length).toBeGreaterThan(10)
    await expect(readFile(systemDisk, '/proc/self/maps', { limit: 100 })).rejects.toMatchObject({
      code: 'CORE_DISK_TOO_LARGE',
    })
  })
})

describe('helpers under faults', () => {
  it('writeFileAtomic keeps the old content and leaves nothing when the disk is full', async () => {
    const disk = createSimulatedDisk({ capacity: 1_000 })
    await writeFileAtomic(disk, '/file', Buffer.from('old'))
    await expect(writeFileAtomic(disk, '/file', new Uint8Array(2_000))).rejects.toMatchObject({
      code: 'CORE_DISK_FULL',
    })
    expect(await text(disk, '/file')).toBe('old')
    expect(disk.entriesSync('/')).toEqual([{ name: 'file', kind: 'file' }])
    expect(await disk.space('/')).toEqual({ free: 997, total: 1_000 })
  })

  it('writeFileAtomic is old or new after a crash at any call, and new once it has resolved', async () => {
    let operations = 0
    for (let at = 0; at <= operations; at++) {
      const disk = createSimulatedDisk({
        intercept: ({ index, changes }) =>
          prepared && changes && index === first + at ? { crash: 'before' } : undefined,
      })
      let prepared = false
      await writeFileAtomic(disk, '/file', Buffer.from('old'))
      prepared = true
      const first = disk.changes
      const resolved = await writeFileAtomic(disk, '/file', Buffer.from('new')).then(
        () => true,
        () => false,
      )
      operations = Math.max(operations, disk.changes - first)
      for (let seed = 0; seed < 20; seed++) {
        const found = await text(disk.crash({ seed }), '/file')
        expect(resolved ? ['new'] : ['old', 'new']).toContain(found)
      }
    }
    expect(operations).toBeGreaterThanOrEqual(5)
  })

  it('leaves temporary files that can be told by their names', async () => {
    const disk = createSimulatedDisk({
      intercept: ({ name }) => (name === 'rename' ? { crash: 'before' } : undefined),
    })
    await expect(writeFileAtomic(disk, '/file', Buffer.from('x'))).rejects.toMatchObject({ code: 'CORE_DISK_CRASHED' })
    const left = new Set<string>()
    for (let seed = 0; seed < 20; seed++) for (const { name } of disk.crash({ seed }).entriesSync('/')) left.add(name)
    expect([...left].every((name) => name.startsWith(temporaryPrefix))).toBe(true)
    expect(left.size).toBe(1)
  })
})
