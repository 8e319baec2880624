import { join } from 'node:path'
import { makeTemporaryFolder, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeWal } from '../../test/make-wal.ts'
import { readWal } from './read-wal.ts'
import { scanWal } from './scan-wal.ts'

const size = 1 << 20
const five = makeWal({ records: [{ data: Buffer.alloc(4 * size + 9) }, { data: Buffer.alloc(9) }] })
const names = [...five.files.keys()]
let folder = ''

beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
})
afterEach(() => removeTree(systemDisk, folder))

async function put(name: string, bytes: Uint8Array): Promise<void> {
  const file = await systemDisk.open(join(folder, name), 'truncate')
  await file.write(bytes, 0)
  await file.close()
}

const putAll = async (indexes: readonly number[]): Promise<void> => {
  for (const index of indexes) await put(names[index]!, five.files.get(names[index]!)!)
}

describe('scanWal', () => {
  it('looks again when a segment is completed, and so renamed, while it looks', async () => {
    await putAll([0, 1])
    await put(`${names[2]!}.partial`, five.files.get(names[2]!)!)
    let opened = 0
    const disk: Disk = Object.assign(Object.create(systemDisk) as Disk, {
      async open(path: string, mode: 'read') {
        opened++
        if (path.endsWith('.partial')) await systemDisk.rename(path, join(folder, names[2]!))
        return systemDisk.open(path, mode)
      },
    })
    const { ranges } = await scanWal({ folder, disk })
    expect(ranges.map(({ segments, partial }) => [segments.length, partial])).toEqual([[3, undefined]])
    expect(opened).toBe(6)
    await expect(scanWal({ folder: join(folder, 'none') })).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
  })

  it('finds nothing in an empty folder, and ignores other files', async () => {
    await put('README', Buffer.from('x'))
    await put('00000002.history', Buffer.from('1 0/1 x'))
    expect(await scanWal({ folder })).toEqual({
      segmentSize: undefined,
      systemIdentifier: undefined,
      ranges: [],
      gaps: [],
      histories: [2],
    })
  })

  it('joins neighbours and names holes by position', async () => {
    await putAll([0, 1, 3])
    await put(`${names[4]}.partial`, five.files.get(names[4]!)!)
    const scan = await scanWal({ folder })
    expect(scan).toMatchObject({ segmentSize: size, systemIdentifier: 77n })
    expect(
      scan.ranges.map(({ start, end, segments, partial }) => [start, end, segments.length, partial?.name]),
    ).toEqual([
      [0x1000000n, 0x1200000n, 2, undefined],
      [0x1300000n, 0x1400000n, 1, `${names[4]}.partial`],
    ])
    expect(scan.gaps).toEqual([{ timeline: 1, from: 0x1200000n, to: 0x1300000n }])
  })

  it('keeps timelines apart, and prefers a complete file to what is left of its partial one', async () => {
    await putAll([0, 1])
    await put(`${names[1]}.partial`, five.files.get(names[1]!)!)
    const other = makeWal({ records: [{}], timeline: 2, start: 0x1100000n })
    for (const [name, bytes] of other.files) await put(name, bytes)
    const scan = await scanWal({ folder })
    expect(scan.ranges.map(({ timeline, segments, partial }) => [timeline, segments.length, partial])).toEqual([
      [1, 2, undefined],
      [2, 1, undefined],
    ])
    expect(scan.gaps).toEqual([])
  })

  it('passes over a partial segment that nothing has arrived for', async () => {
    await putAll([0])
    await put(`${names[1]}.partial`, new Uint8Array(size))
    expect((await scanWal({ folder })).ranges[0]!.partial).toBeUndefined()
  })

  it.each([
    ['is cut short', () => put(names[1]!, five.files.get(names[1]!)!.subarray(0, 5_000)), 'BACKUP_WAL_CORRUPT'],
    ['is empty', () => put(names[1]!, new Uint8Array(0)), 'BACKUP_WAL_CORRUPT'],
    ['is another one', () => put(names[1]!, five.files.get(names[2]!)!), 'BACKUP_WAL_CORRUPT'],
    ['has rubbish in it', () => put(names[1]!, new Uint8Array(size).fill(7)), 'BACKUP_WAL_CORRUPT'],
    [
      'names an impossible size',
      () => {
        const bytes = Buffer.from(five.files.get(names[1]!)!)
        bytes.writeUInt32LE(12_345, 32)
        return put(names[1]!, bytes)
      },
      'BACKUP_WAL_CORRUPT',
    ],
    [
      'belongs to another cluster',
      () => {
        const other = makeWal({ records: [{}], systemIdentifier: 5n, start: 0x1100000n })
        return put(names[1]!, [...other.files.values()][0]!)
      },
      'BACKUP_WAL_FOLDER_INVALID',
    ],
  ])('refuses a folder in which a segment %s', async (_, damage, code) => {
    await putAll([0])
    await damage()
    await expect(scanWal({ folder })).rejects.toMatchObject({ code })
  })

  it('can be ended', async () => {
    await putAll([0])
    await expect(scanWal({ folder, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})

describe('readWal', () => {
  const read = async (from: bigint, until?: bigint) =>
    readWal({ folder, scan: await scanWal({ folder }), timeline: 1, from, until })

  it('finds the end of the log, in a partial segment too', async () => {
    await putAll([0, 1, 2, 3])
    await put(`${names[4]}.partial`, five.files.get(names[4]!)!)
    expect((await read(five.starts[0]!)).end).toBe(five.end)
    let records = 0
    let bytes = 0
    await readWal({
      ...{ folder, scan: await scanWal({ folder }), timeline: 1, from: 0x1000000n, until: 0x1200000n },
      onRecord: () => records++,
      onBytes: (read) => (bytes += read),
    })
    expect([records, bytes]).toEqual([0, 2 * size])
  })

  it('names damage before the last segment by its position', async () => {
    await putAll([0, 1, 2, 3, 4])
    const bytes = Buffer.from(five.files.get(names[2]!)!)
    bytes.fill(0, 8_192, 8_200)
    await put(names[2]!, bytes)
    await expect(read(0x1000000n)).rejects.toMatchObject({
      code: 'BACKUP_WAL_CORRUPT',
      details: { at: '0/1202000', file: names[2] },
    })
  })

  it('names a gap by its ends', async () => {
    await putAll([0, 3])
    await expect(read(0x1180000n)).rejects.toMatchObject({
      code: 'BACKUP_WAL_GAP',
      details: { from: '0/1180000', to: '0/1300000' },
    })
    await expect(read(0x1500000n)).rejects.toMatchObject({
      details: { to: 'the end', reason: 'the files are not there' },
    })
    const scan = await scanWal({ folder })
    await expect(readWal({ folder, scan, timeline: 9, from: 0n })).rejects.toThrow('no WAL of timeline 9')
  })
})
