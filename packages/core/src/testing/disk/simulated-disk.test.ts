import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Disk } from '../../disk/disk.ts'
import { exists } from '../../disk/exists.ts'
import { readFile } from '../../disk/read-file.ts'
import { walk } from '../../disk/walk.ts'
import { writeFileAtomic } from '../../disk/write-file-atomic.ts'
import { SimulatedClock } from '../clock/simulated-clock.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import type { DiskFault, DiskOperation } from './operation.ts'
import { randomFaults } from './random-faults.ts'
import { createSimulatedDisk, type SimulatedDisk } from './simulated-disk.ts'

const text = async (disk: Disk, path: string): Promise<string> => Buffer.from(await readFile(disk, path)).toString()
const bytes = (content: string): Uint8Array => Buffer.from(content)

/** What is found in 60 worlds that a crash may leave. */
async function worlds<Found>(
  disk: SimulatedDisk,
  look: (survivor: SimulatedDisk) => Promise<Found>,
): Promise<Set<Found>> {
  const found = new Set<Found>()
  for (let seed = 0; seed < 60; seed++) found.add(await look(disk.crash({ seed })))
  return found
}

const sorted = (found: Set<string>): string[] => [...found].sort()
const namesIn = (folder: string) => async (disk: SimulatedDisk) =>
  disk
    .entriesSync(folder)
    .map(({ name }) => name)
    .sort()
    .join(' ')

describe('names after a crash', () => {
  it('are there when the folder was synced, and may be lost when not', async () => {
    const disk = createSimulatedDisk()
    await (await disk.open('/synced', 'create')).close()
    await disk.fsyncFolder('/')
    await (await disk.open('/not', 'create')).close()
    expect(sorted(await worlds(disk, namesIn('/')))).toEqual(['not synced', 'synced'])
  })

  it('are not made durable by syncing the file', async () => {
    const disk = createSimulatedDisk()
    const file = await disk.open('/file', 'create')
    await file.write(bytes('content'), 0)
    await file.fsync()
    expect(sorted(await worlds(disk, namesIn('/')))).toEqual(['', 'file'])
  })

  it('come back when their removal was not synced', async () => {
    const disk = createSimulatedDisk()
    await writeFileAtomic(disk, '/file', bytes('x'))
    await disk.removeFile('/file')
    expect(sorted(await worlds(disk, namesIn('/')))).toEqual(['', 'file'])
    const other = createSimulatedDisk()
    await writeFileAtomic(other, '/file', bytes('x'))
    await other.removeFile('/file')
    await other.fsyncFolder('/')
    expect(sorted(await worlds(other, namesIn('/')))).toEqual([''])
  })

  it('need every folder above to be durable', async () => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/a/b')
    await writeFileAtomic(disk, '/a/b/file', bytes('x'))
    expect(await worlds(disk, (survivor) => exists(survivor, '/a/b/file'))).toEqual(new Set([true, false]))
    const other = createSimulatedDisk()
    await other.makeFolder('/a/b')
    await other.fsyncFolder('/')
    await other.fsyncFolder('/a')
    await writeFileAtomic(other, '/a/b/file', bytes('x'))
    expect(await worlds(other, (survivor) => exists(survivor, '/a/b/file'))).toEqual(new Set([true]))
  })

  it('are old or new after a rename, and between folders also both, but never none', async () => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/from')
    await disk.makeFolder('/to')
    await writeFileAtomic(disk, '/from/file', bytes('x'))
    disk.makeDurable()
    await disk.rename('/from/file', '/to/file')
    const where = async (survivor: SimulatedDisk): Promise<string> =>
      [...survivor.entriesSync('/from').map(() => 'from'), ...survivor.entriesSync('/to').map(() => 'to')].join(' ')
    expect(sorted(await worlds(disk, where))).toEqual(['from', 'from to', 'to'])
  })

  it('are not undone by an older change of the same name that was not synced', async () => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/from')
    await disk.makeFolder('/to')
    await writeFileAtomic(disk, '/from/file', bytes('new'))
    disk.makeDurable()
    const older = await disk.open('/to/file', 'create')
    await older.write(bytes('old'), 0)
    await older.fsync()
    await disk.rename('/from/file', '/to/file')
    await disk.fsyncFolder('/from')
    expect(await worlds(disk, (survivor) => text(survivor, '/to/file'))).toEqual(new Set(['new']))
  })

  it.each([true, false])(
    'of a removed folder do not take along what was moved out of it (synced: %s)',
    async (synced) => {
      const disk = createSimulatedDisk()
      await disk.makeFolder('/folder')
      await writeFileAtomic(disk, '/folder/file', bytes('x'))
      disk.makeDurable()
      await disk.rename('/folder/file', '/file')
      await disk.removeFolder('/folder')
      if (synced) await disk.fsyncFolder('/')
      const found = await worlds(
        disk,
        async (survivor) => (await exists(survivor, '/folder/file')) || (await exists(survivor, '/file')),
      )
      expect(found).toEqual(new Set([true]))
      expect(await worlds(disk, (survivor) => exists(survivor, '/folder'))).toEqual(
        new Set(synced ? [false] : [true, false]),
      )
    },
  )

  it('can be lost one way: linked and unlinked without a sync', async () => {
    const disk = createSimulatedDisk()
    await writeFileAtomic(disk, '/old', bytes('x'))
    await disk.link('/old', '/new')
    await disk.removeFile('/old')
    expect(sorted(await worlds(disk, namesIn('/')))).toContain('')
  })

  it('never lose a file by renames, whatever is made, moved and synced around it', async () => {
    const folders = ['/a', '/b', '/a/c', '/d']
    const step = fc.oneof(
      fc.record({ kind: fc.constant('move' as const), file: fc.nat(4), to: fc.nat(20) }),
      fc.record({ kind: fc.constant('sync' as const), file: fc.constant(0), to: fc.nat(20) }),
      fc.record({ kind: fc.constant('make' as const), file: fc.nat(9), to: fc.nat(20) }),
      fc.record({ kind: fc.constant('moveFolder' as const), file: fc.nat(20), to: fc.nat(20) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const disk = createSimulatedDisk()
        const tree = [...folders]
        for (const folder of tree) await disk.makeFolder(folder)
        const places = [0, 1, 2, 3, 4].map((file) => `${tree[file % tree.length]}/file-${file}`)
        for (const place of places) await writeFileAtomic(disk, place, bytes(place))
        const contents = [...places]
        disk.makeDurable()
        for (const [number, { kind, file, to }] of steps.entries()) {
          const target = tree[to % tree.length]!
          if (kind === 'sync') await disk.fsyncFolder(target)
          if (kind === 'make') {
            tree.push(`${target}/made-${number}`)
            await disk.makeFolder(tree.at(-1)!)
          }
          if (kind === 'move') {
            const place = `${target}/moved-${number}`
            await disk.rename(places[file]!, place)
            places[file] = place
          }
          const folder = tree[file % tree.length]!
          if (kind !== 'moveFolder' || `${target}/`.startsWith(`${folder}/`)) continue
          const place = `${target}/folder-${number}`
          await disk.rename(folder, place)
          const moved = (path: string): string =>
            path === folder || path.startsWith(`${folder}/`) ? place + path.slice(folder.length) : path
          tree.splice(0, tree.length, ...tree.map(moved))
          places.splice(0, places.length, ...places.map(moved))
        }
        for (let seed = 0; seed < 10; seed++) {
          const survivor = disk.crash({ seed })
          const found = new Set<string>()
          for await (const { path, stat } of walk(survivor, '/'))
            if (stat.kind === 'file') found.add(await text(survivor, String(path)))
          expect([...found].sort()).toEqual([...contents].sort())
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('content after a crash', () => {
  it('is what was synced, also of a file that is gone and of one with two names', async () => {
    const disk = createSimulatedDisk()
    const file = await disk.open('/one', 'create')
    await file.write(bytes('durable'), 0)
    await file.fdatasync()
    await disk.link('/one', '/two')
    await disk.fsyncFolder('/')
    await disk.removeFile('/one')
    await disk.fsyncFolder('/')
    expect(await worlds(disk, (survivor) => text(survivor, '/two'))).toEqual(new Set(['durable']))
    expect((await disk.crash().stat('/two')).links).toBe(1)
  })

  it('is old or new after a truncation that was not synced', async () => {
    const disk = createSimulatedDisk()
    await writeFileAtomic(disk, '/file', bytes('content'))
    await (await disk.open('/file', 'truncate')).close()
    expect(sorted(await worlds(disk, (survivor) => text(survivor, '/file')))).toEqual(['', 'content'])
  })

  it('is lost for good by a failed sync, although the next one succeeds', async () => {
    let failing = true
    const disk = createSimulatedDisk({
      intercept: ({ name }) => (failing && name === 'fsync' ? { errno: 'EIO' } : undefined),
    })
    const file = await disk.open('/file', 'create')
    await disk.fsyncFolder('/')
    await file.write(bytes('dropped'), 0)
    await expect(file.fsync()).rejects.toMatchObject({ code: 'CORE_DISK_FAILED', details: { errno: 'EIO' } })
    failing = false
    await file.fsync()
    await file.write(bytes('!'), 7)
    await file.fsync()
    expect(await text(disk, '/file')).toBe('dropped!')
    expect(await worlds(disk, (survivor) => text(survivor, '/file'))).toEqual(new Set(['\0\0\0\0\0\0\0!']))
  })

  it('is the same for the same seed', async () => {
    const disk = createSimulatedDisk()
    const file = await disk.open('/file', 'create')
    for (let index = 0; index < 9; index++) await file.write(new Uint8Array(700).fill(index), index * 600)
    await disk.fsyncFolder('/')
    const left = async (seed: number): Promise<Uint8Array> => readFile(disk.crash({ seed }), '/file')
    for (let seed = 0; seed < 20; seed++) expect(await left(seed)).toEqual(await left(seed))
  })
})

describe('a crash', () => {
  it('refuses every call from then on, of the disk and of open files', async () => {
    const disk = createSimulatedDisk()
    const file = await disk.open('/file', 'create')
    disk.crash()
    expect(disk.crashed).toBe(true)
    const calls: (() => unknown)[] = [
      () => disk.open('/file', 'read'),
      () => disk.openSync('/file', 'read'),
      () => disk.stat('/file'),
      () => disk.entriesSync('/'),
      () => disk.lock('/lock'),
      () => file.read(new Uint8Array(1), 0),
      () => file.writeSync(new Uint8Array(1), 0),
      () => file.fsync(),
      () => file.close(),
    ]
    for (const call of calls) await expect((async () => call())()).rejects.toMatchObject({ code: 'CORE_DISK_CRASHED' })
  })

  it('frees the locks', async () => {
    const disk = createSimulatedDisk()
    const lock = await disk.lock('/lock')
    disk.makeDurable()
    const survivor = disk.crash()
    expect(await survivor.lock('/lock')).toBeDefined()
    await lock!.release()
    expect(await survivor.lock('/lock')).toBeUndefined()
  })

  it.each(['before', 'halfway', 'after'] as const)('can be raised %s a call', async (moment) => {
    const disk = createSimulatedDisk({
      tearSectors: false,
      intercept: ({ name }): DiskFault | undefined => (name === 'write' ? { crash: moment } : undefined),
    })
    const file = await disk.open('/file', 'create')
    await disk.fsyncFolder('/')
    await expect(file.write(new Uint8Array(1_024).fill(1), 0)).rejects.toMatchObject({ code: 'CORE_DISK_CRASHED' })
    const sizes = await worlds(disk, async (survivor) => (await survivor.stat('/file')).size)
    expect(sizes).toEqual(new Set({ before: [0], halfway: [0, 512], after: [0, 1_024] }[moment]))
  })

  it('can come again, and loses nothing that survived the first', async () => {
    const disk = createSimulatedDisk()
    const file = await disk.open('/file', 'create')
    await file.write(new Uint8Array(3_000).fill(5), 0)
    let survivor = disk.crash({ seed: 4 })
    const first = survivor.entriesSync('/').length > 0 ? await readFile(survivor, '/file') : undefined
    for (let round = 0; round < 5; round++) survivor = survivor.crash()
    const last = survivor.entriesSync('/').length > 0 ? await readFile(survivor, '/file') : undefined
    expect(last).toEqual(first)
  })
})

describe('faults', () => {
  it('show a hook every call, numbered by those that change something', async () => {
    const seen: DiskOperation[] = []
    const disk = createSimulatedDisk({ intercept: (operation) => void seen.push(operation) })
    const file = await disk.open('/file', 'create')
    await file.write(new Uint8Array(3), 0)
    await file.read(new Uint8Array(3), 0)
    await file.fsync()
    await file.close()
    expect(seen.map(({ index, name, changes, size }) => [index, name, changes, size])).toEqual([
      [0, 'open', true, undefined],
      [1, 'write', true, 3],
      [2, 'read', false, undefined],
      [2, 'fsync', true, undefined],
      [3, 'close', false, undefined],
    ])
    expect(disk.changes).toBe(3)
  })

  it('write half of what a failing write was given', async () => {
    const disk = createSimulatedDisk({ intercept: ({ name }) => (name === 'write' ? { errno: 'EIO' } : undefined) })
    const file = await disk.open('/file', 'create')
    await expect(file.write(bytes('12345678'), 0)).rejects.toMatchObject({ details: { errno: 'EIO' } })
    expect(await text(disk, '/file')).toBe('1234')
  })

  it('run out of space where it ends, and give it back', async () => {
    const disk = createSimulatedDisk({ capacity: 10 })
    const file = await disk.open('/file', 'create')
    await expect(file.write(bytes('123456789012'), 0)).rejects.toMatchObject({ code: 'CORE_DISK_FULL' })
    expect(await text(disk, '/file')).toBe('1234567890')
    await expect(file.truncate(11)).rejects.toMatchObject({ code: 'CORE_DISK_FULL' })
    await file.write(bytes('rewritten!'), 0)
    disk.setCapacity(5)
    expect(await disk.space('/')).toEqual({ free: 0, total: 5 })
    await expect(file.write(bytes('more'), 10)).rejects.toMatchObject({ code: 'CORE_DISK_FULL' })
    await disk.link('/file', '/other')
    await disk.removeFile('/file')
    expect((await disk.space('/')).free).toBe(0)
    await disk.rename('/other', '/file')
    await writeFileAtomic(disk, '/empty', bytes(''))
    await disk.rename('/empty', '/file')
    expect((await disk.space('/')).free).toBe(5)
    expect((await disk.crash().space('/')).total).toBe(5)
  })

  it('refuse files that would not fit into memory', async () => {
    const file = await createSimulatedDisk().open('/file', 'create')
    await expect(file.write(new Uint8Array(1), 2 ** 40)).rejects.toMatchObject({ details: { errno: 'EFBIG' } })
  })

  it('turn bits over, in memory and on the platter', async () => {
    const disk = createSimulatedDisk({ random: new SeededRandom(5) })
    await writeFileAtomic(disk, '/file', new Uint8Array(100))
    expect(disk.flipBit('/file', 9)).toBe(9)
    expect((await readFile(disk, '/file'))[1]).toBe(2)
    expect((await readFile(disk.crash(), '/file'))[1]).toBe(2)
    const other = createSimulatedDisk()
    await writeFileAtomic(other, '/file', new Uint8Array(100))
    const bit = other.flipBit('/file')
    expect((await readFile(other, '/file'))[Math.floor(bit / 8)]).toBe(1 << (bit % 8))
    await writeFileAtomic(other, '/empty', new Uint8Array())
    expect(() => other.flipBit('/empty')).toThrowError(expect.objectContaining({ code: 'CORE_DISK_FAILED' }))
    expect(() => other.flipBit('/file', 800)).toThrowError(expect.objectContaining({ code: 'CORE_DISK_FAILED' }))
    expect(() => other.flipBit('/')).toThrowError(expect.objectContaining({ code: 'CORE_DISK_IS_A_FOLDER' }))
  })

  it('strike by chance, countably and repeatably', async () => {
    const attempt = async (seed: number): Promise<ReadonlyMap<string, number>> => {
      const faults = randomFaults({ random: new SeededRandom(seed), rate: 0.3 })
      const disk = createSimulatedDisk({ intercept: faults.intercept })
      for (let round = 0; round < 200; round++) {
        const file = await disk.open('/file', 'create').catch(() => undefined)
        await file?.write(bytes('content'), 0).catch(() => {})
        await file?.read(new Uint8Array(7), 0).catch(() => {})
        await file?.fsync().catch(() => {})
        await file?.close()
      }
      return faults.hits
    }
    const hits = await attempt(1)
    expect(hits).toEqual(await attempt(1))
    expect([...hits.keys()].sort()).toEqual(
      ['EIO fsync', 'EIO open', 'EIO read', 'EIO write', 'ENOSPC fsync', 'ENOSPC open', 'ENOSPC write'].sort(),
    )
  })
})

describe('a simulated disk', () => {
  it('takes its times from the clock', async () => {
    const clock = new SimulatedClock({ now: new Date('2026-11-20T10:00:00Z') })
    const disk = createSimulatedDisk({ clock })
    const file = await disk.open('/file', 'create')
    await clock.advanceBy('1s')
    await file.write(bytes('x'), 0)
    const { accessedAt, modifiedAt } = await disk.stat('/file')
    expect(modifiedAt - accessedAt).toBe(1_000_000_000n)
    expect(modifiedAt).toBe(BigInt(clock.now()) * 1_000_000n)
  })

  it('has a root that stays', async () => {
    const disk = createSimulatedDisk()
    expect((await disk.stat('/')).kind).toBe('folder')
    await disk.makeFolder('/')
    await disk.makeFolder('/a')
    await expect(disk.removeFolder('/a/..')).rejects.toMatchObject({ code: 'CORE_DISK_NOT_EMPTY' })
    await disk.removeFolder('/a')
    await expect(disk.removeFolder('/')).rejects.toMatchObject({ details: { errno: 'EBUSY' } })
    await expect(disk.rename('/', '/b')).rejects.toMatchObject({ details: { errno: 'EBUSY' } })
    await expect(disk.open('/', 'create')).rejects.toMatchObject({ code: 'CORE_DISK_IS_A_FOLDER' })
  })
})
