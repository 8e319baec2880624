import { join } from 'node:path'
import { exists, makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import { createSimulatedDisk } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTar } from '../../test/make-tar.ts'
import { put } from '../../test/make-base.ts'
import { createArchiveStream } from './archive-stream.ts'
import { discardSink } from './discard-sink.ts'
import { folderSink } from './folder-sink.ts'
import type { BackupSink } from './sink.ts'

let folder = ''
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

const message = (type: string, content: Uint8Array | string = ''): Uint8Array =>
  Buffer.concat([Buffer.from(type), Buffer.from(content)])

function feed(sink: BackupSink, messages: readonly Uint8Array[]) {
  let bytes = 0
  const stream = createArchiveStream({ sink, onBytes: (count) => (bytes += count) })
  for (const one of messages) void stream.message(one)
  return { manifest: Buffer.from(stream.end()).toString(), totals: stream.totals(), bytes }
}

const mainArchive = makeTar([
  { name: 'base/', type: '5' },
  { name: 'base/1', content: 'rows' },
  { name: 'global/deep/2', content: 'more' },
  { name: 'link', type: '2', target: 'base/1' },
])
const messages = [
  message('n', '16384.tar\0/old\0'),
  message('d', makeTar([{ name: 'PG_15/1', content: 'elsewhere' }])),
  message('n', 'base.tar\0\0'),
  message('p', Buffer.alloc(8)),
  message('d', mainArchive.subarray(0, 700)),
  message('d', mainArchive.subarray(700)),
  message('m'),
  message('d', '{"a":'),
  message('d', '1}'),
]

describe('folderSink', () => {
  it('writes a tree with tablespaces beside it, and shows it only when it is whole', async () => {
    const into = join(folder, 'backup')
    await put(join(`${into}.partial`, 'left', 'over'), 'from a run that broke off')
    const sink = await folderSink({ into })
    const { manifest, totals } = feed(sink, messages)
    expect(await exists(systemDisk, into)).toBe(false)
    await sink.finish()
    expect([manifest, totals]).toEqual(['{"a":1}', { files: 3, bytes: 17 }])
    const text = async (path: string) => Buffer.from(await readFile(systemDisk, join(into, path))).toString()
    expect(await text('base/base/1')).toBe('rows')
    expect(await text('base/global/deep/2')).toBe('more')
    expect(await text('base/pg_tblspc/16384/PG_15/1')).toBe('elsewhere')
    expect(await systemDisk.readLink(join(into, 'base/pg_tblspc/16384'))).toBe('../../tablespaces/16384')
    expect(await systemDisk.readLink(join(into, 'base/link'))).toBe('base/1')
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
    expect(await exists(systemDisk, join(into, 'left'))).toBe(false)
    expect((await systemDisk.stat(join(into, 'base/base/1'))).mode & 0o7777).toBe(0o640)
  })

  it('takes the place of an empty folder, and of nothing else', async () => {
    const into = join(folder, 'backup')
    await systemDisk.makeFolder(into)
    const sink = await folderSink({ into, durable: false })
    feed(sink, messages)
    await sink.finish()
    await expect(folderSink({ into })).rejects.toMatchObject({ code: 'BACKUP_BASE_TARGET_NOT_EMPTY' })
    await put(join(folder, 'file'), 'x')
    await expect(folderSink({ into: join(folder, 'file') })).rejects.toMatchObject({
      code: 'BACKUP_BASE_TARGET_NOT_EMPTY',
    })
  })

  it('removes what it has written when the backup fails in the middle of a file', async () => {
    const into = join(folder, 'backup')
    const sink = await folderSink({ into })
    sink.file({ path: 'a', size: 2, mode: 0o600, modifiedAt: 0 })
    void sink.write(Buffer.from('x'))
    await sink.abort()
    expect(await exists(systemDisk, `${into}.partial`)).toBe(false)
  })
})

describe('a durable folder', () => {
  it('is whole after a loss of power, whatever else is lost', async () => {
    const disk = createSimulatedDisk()
    await disk.makeFolder('/backups')
    disk.makeDurable()
    const sink = await folderSink({ into: '/backups/one', disk })
    feed(sink, messages)
    await sink.finish()
    for (let seed = 0; seed < 40; seed++) {
      const survivor = disk.crash({ seed })
      const text = async (path: string) => Buffer.from(await readFile(survivor, join('/backups/one', path))).toString()
      expect(await text('base/base/1')).toBe('rows')
      expect(await text('base/global/deep/2')).toBe('more')
      expect(await text('tablespaces/16384/PG_15/1')).toBe('elsewhere')
      expect(await survivor.readLink('/backups/one/base/pg_tblspc/16384')).toBe('../../tablespaces/16384')
      expect(await survivor.readLink('/backups/one/base/link')).toBe('base/1')
    }
  })

  it('is synced while files still arrive, a large one in steps', async () => {
    const synced: string[] = []
    const disk = createSimulatedDisk({
      intercept: ({ name, path }) => void (name === 'fsync' && synced.push(path)),
    })
    await disk.makeFolder('/backups')
    const sink = await folderSink({ into: '/backups/one', disk })
    const step = Buffer.alloc(1024 * 1024)
    sink.file({ path: 'large', size: 70 * step.length, mode: 0o600, modifiedAt: 0 })
    for (let count = 0; count < 70; count++) {
      await sink.write(step)
      await settled()
    }
    expect(synced).toEqual(Array(2).fill('/backups/one.partial/base/large'))
    await sink.endFile()
    await settled()
    expect(synced).toHaveLength(3)
    await sink.finish()
    expect(synced).toHaveLength(3)
  })

  it('fails with the disk, and leaves nothing then', async () => {
    const disk = createSimulatedDisk({ intercept: ({ name }) => (name === 'fsync' ? { errno: 'EIO' } : undefined) })
    await disk.makeFolder('/backups')
    const sink = await folderSink({ into: '/backups/one', disk })
    feed(sink, messages)
    await expect(sink.finish()).rejects.toMatchObject({ code: 'CORE_DISK_FAILED' })
    await sink.abort()
    expect(disk.entriesSync('/backups')).toEqual([])
  })
})

/** Every promise of a simulated disk, which waits for nothing. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('createArchiveStream', () => {
  it('reads the same into nothing', () => {
    expect(feed(discardSink(), messages)).toMatchObject({ totals: { files: 3, bytes: 17 } })
  })

  it.each([
    ['data comes before any archive', [message('d', 'x')], 'data came before any archive'],
    ['no manifest comes', messages.slice(0, 6), 'no manifest came'],
    ['an archive has another name', [message('n', 'evil/../x.tar\0\0')], 'an archive is called "evil/../x.tar"'],
  ])('notices when %s', (_, some, reason) => {
    expect(() => feed(discardSink(), some)).toThrow(reason)
  })

  it('notices an archive that ends in the middle of a file', () => {
    expect(() => feed(discardSink(), [messages[2]!, messages[4]!, messages[6]!])).toThrow('in the middle of')
  })

  it('waits for every write of a message', async () => {
    const open: (() => void)[] = []
    const sink = {
      ...discardSink(),
      write: () => new Promise<void>((resolve) => void open.push(resolve)),
      endFile: () => Promise.resolve(),
    }
    const stream = createArchiveStream({ sink, onBytes: () => {} })
    void stream.message(messages[2]!)
    const work = stream.message(message('d', mainArchive))
    expect(open).toHaveLength(2)
    for (const resolve of open) resolve()
    await work
  })
})
