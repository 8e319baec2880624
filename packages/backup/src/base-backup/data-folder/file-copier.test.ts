import { crc32c } from '@exprsn/core/bytes'
import { diskErrors, type Disk, type DiskFile } from '@exprsn/core/disk'
import { createSimulatedDisk, SeededRandom } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { crc32cHex } from '../../manifest/checksum.ts'
import { pageChecksum } from '../pages/page-checksum.ts'
import { pageSize } from '../pages/page.ts'
import { createReadMemory, pieceSize } from '../pages/read-memory.ts'
import type { BackupFile, BackupSink } from '../sink.ts'
import { createFileCopier, type FileCopierOptions } from './file-copier.ts'

const random = new SeededRandom(5)
const start = 1_000_000n

/** A sink that keeps what it gets. */
function keepingSink() {
  const kept = new Map<string, { readonly file: BackupFile; readonly pieces: Uint8Array[]; ended: boolean }>()
  let current = ''
  const sink: Pick<BackupSink, 'file' | 'write' | 'endFile'> = {
    file(file) {
      current = file.path
      kept.set(current, { file, pieces: [], ended: false })
    },
    write: async (bytes) => void kept.get(current)!.pieces.push(bytes.slice()),
    endFile: () => void (kept.get(current)!.ended = true),
  }
  const content = (path: string): Buffer => Buffer.concat(kept.get(path)!.pieces)
  return { sink: sink as BackupSink, kept, content }
}

/** A disk on which the reading of each file goes through a function of ours. */
function readingThrough(
  disk: Disk,
  read: (file: DiskFile, target: Uint8Array, position: number) => Promise<number>,
): Disk {
  return {
    ...disk,
    async open(path, mode, options) {
      const file = await disk.open(path, mode, options)
      return {
        ...{ path: file.path, stat: () => file.stat(), close: () => file.close() },
        read: (target: Uint8Array, position: number) => read(file, target, position),
      } as DiskFile
    },
  }
}

async function put(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(path, 'truncate')
  await file.write(bytes, 0)
  await file.close()
}

function copierOf(disk: Disk, options: Partial<FileCopierOptions> = {}) {
  const target = keepingSink()
  const copier = createFileCopier({
    ...{ disk, sink: target.sink, start, verifyPages: true, pagesPerSegment: 131_072, signal: undefined },
    pace: { take: async () => {}, charge: () => {} },
    onBytes: () => {},
    ...options,
  })
  return { ...target, copier }
}

/** Pages that are right from this block on, last changed at this position. */
function pagesFrom(block: number, count: number, position = start - 1n): Uint8Array {
  const all = new Uint8Array(count * pageSize)
  for (let index = 0; index < count; index++) {
    const page = random.bytes(pageSize)
    const view = new DataView(page.buffer, page.byteOffset)
    view.setUint32(0, Number(position >> 32n), true)
    view.setUint32(4, Number(position & 0xffff_ffffn), true)
    view.setUint16(14, 8_192, true)
    view.setUint16(8, pageChecksum(new Uint32Array(page.slice().buffer), block + index), true)
    all.set(page, index * pageSize)
  }
  return all
}

describe('copying a file of a running server', () => {
  it.each([0, 1, 100, pageSize, pieceSize - 1, pieceSize, pieceSize + 1, 3 * pieceSize + 12_345])(
    'gives its %i bytes, and their checksum',
    async (size) => {
      const disk = createSimulatedDisk()
      const bytes = random.bytes(size)
      await put(disk, '/file', bytes)
      await disk.setMode('/file', 0o640)
      const taken: number[] = []
      let told = 0
      const { copier, kept, content } = copierOf(disk, {
        pace: { take: async (count) => void taken.push(count), charge: () => {} },
        onBytes: (count) => (told += count),
      })
      const file = await copier.copy('/file', 'pg_xact/0000')
      expect(file).toMatchObject({ path: 'pg_xact/0000', size, checksum: { hex: crc32cHex(crc32c(bytes)) } })
      expect(content('pg_xact/0000').equals(bytes)).toBe(true)
      expect(kept.get('pg_xact/0000')).toMatchObject({
        ended: true,
        file: { size, mode: 0o640, modifiedAt: file!.modifiedAt },
      })
      expect([told, taken.reduce((sum, count) => sum + count, 0)]).toEqual([size, size])
    },
  )

  it('is as long as it was at first, whatever grows, with zeros for what is cut off', async () => {
    const disk = createSimulatedDisk()
    const bytes = random.bytes(3 * pieceSize)
    await put(disk, '/file', bytes)
    for (const [change, left] of [
      [(file: DiskFile) => file.write(random.bytes(50_000), 3 * pieceSize), 3 * pieceSize],
      [(file: DiskFile) => file.truncate(pieceSize + 500), pieceSize + 500],
      [(file: DiskFile) => file.truncate(0), pieceSize],
    ] as const) {
      await put(disk, '/file', bytes)
      let isChanged = false
      const changing = readingThrough(disk, async (file, target, position) => {
        if (position > 0 && !isChanged) {
          isChanged = true
          const own = await disk.open('/file', 'update')
          await change(own)
          await own.close()
        }
        return file.read(target, position)
      })
      const { copier, content } = copierOf(changing)
      const file = await copier.copy('/file', 'base/5/1')
      const expected = Buffer.concat([bytes.subarray(0, left), Buffer.alloc(3 * pieceSize - left)])
      // What the server's own pages would be is not looked at: none of these is one.
      expect(content('base/5/1').equals(expected)).toBe(true)
      expect(file).toMatchObject({ size: 3 * pieceSize, checksum: { hex: crc32cHex(crc32c(expected)) } })
    }
  })

  it('leaves out what is gone, and what is no file any more', async () => {
    const disk = createSimulatedDisk()
    const { copier, kept } = copierOf(disk)
    expect(await copier.copy('/gone', 'gone')).toBeUndefined()
    expect(kept.size).toBe(0)
  })

  it('says that a file cannot be read', async () => {
    const disk = createSimulatedDisk()
    const denying: Disk = {
      ...disk,
      open: async (path) => Promise.reject(diskErrors.CORE_DISK_DENIED({ path, operation: 'open', errno: 'EACCES' })),
    }
    await expect(copierOf(denying).copier.copy('/file', 'file')).rejects.toMatchObject({
      code: 'BACKUP_BASE_FOLDER_UNREADABLE',
      details: { path: '/file' },
    })
  })

  it('stops between two pieces', async () => {
    const disk = createSimulatedDisk()
    await put(disk, '/file', random.bytes(3 * pieceSize))
    const controller = new AbortController()
    const { copier, content } = copierOf(disk, {
      signal: controller.signal,
      onBytes: () => controller.abort(new Error('enough')),
    })
    await expect(copier.copy('/file', 'file')).rejects.toThrow('enough')
    expect(content('file')).toHaveLength(pieceSize)
  })
})

describe.each([
  ['the kernel', ''],
  ['plain JavaScript', 'plain'],
])('pages verified with %s', (_, plain) => {
  const memory = plain === '' ? createReadMemory() : createReadMemory('')
  const pages = 2 * (pieceSize / pageSize) + 7

  async function copied(path: string, bytes: Uint8Array, options: Partial<FileCopierOptions> = {}, tear?: Tear) {
    const disk = createSimulatedDisk()
    await put(disk, '/file', bytes)
    const { copier, content } = copierOf(tear === undefined ? disk : tearing(disk, tear), { memory, ...options })
    await copier.copy('/file', path)
    return { damaged: copier.damaged(), content: content(path) }
  }

  it.each(['base/5/16384', 'global/1262', 'base/5/16384_vm', 'pg_tblspc/16400/PG_18_202506291/5/16384'])(
    'are right in %s',
    async (path) => {
      expect((await copied(path, pagesFrom(0, pages))).damaged).toBeUndefined()
    },
  )

  it('count from the beginning of the relation', async () => {
    expect((await copied('base/5/16384.2', pagesFrom(2 * 131_072, 5))).damaged).toBeUndefined()
    expect((await copied('base/5/16384.2', pagesFrom(2 * 64, 5), { pagesPerSegment: 64 })).damaged).toBeUndefined()
    expect((await copied('base/5/16384.1', pagesFrom(0, 5))).damaged).toMatchObject({ count: 5, page: 0 })
  })

  it('are reported when they are wrong, however many there are', async () => {
    const bytes = pagesFrom(0, pages)
    const wrong = [3, 4, 63, 64, pages - 1]
    for (const page of wrong) bytes[page * pageSize + 4_000]! ^= 8
    const { damaged, content } = await copied('base/5/16384', bytes)
    expect(damaged).toEqual({ path: 'base/5/16384', page: 3, count: wrong.length })
    expect(content.equals(bytes)).toBe(true)
  })

  it('are not looked at where there are no checksums, in files that are no relation, and behind the last whole page', async () => {
    // Right elsewhere, wrong at the beginning of a relation.
    const bytes = pagesFrom(7, 20)
    expect((await copied('base/5/16384', bytes)).damaged).toMatchObject({ count: 20 })
    expect((await copied('base/5/16384', bytes, { verifyPages: false })).damaged).toBeUndefined()
    for (const path of ['pg_xact/0000', 'base/5/pg_filenode.map', 'base/5/16384.sql', 'postgresql.conf', '16384'])
      expect((await copied(path, bytes)).damaged).toBeUndefined()
    const odd = Buffer.concat([pagesFrom(0, 4), random.bytes(pageSize - 1)])
    expect((await copied('base/5/16384', odd)).damaged).toBeUndefined()
  })

  it('may be new, or younger than the start of the backup', async () => {
    const young = random.bytes(pageSize)
    new DataView(young.buffer).setUint32(0, 0, true)
    new DataView(young.buffer).setUint32(4, Number(start), true)
    const bytes = Buffer.concat([pagesFrom(0, 2), new Uint8Array(pageSize), young, pagesFrom(4, 2)])
    expect((await copied('base/5/16384', bytes)).damaged).toBeUndefined()
  })

  it('are read again when the server was writing them, and what was read then is kept', async () => {
    const bytes = pagesFrom(0, pages)
    for (const page of [0, 70, pages - 1]) {
      const { damaged, content } = await copied('base/5/16384', bytes, {}, { page, times: 1 })
      expect(damaged).toBeUndefined()
      expect(content.equals(bytes)).toBe(true)
      expect((await copied('base/5/16384', bytes, {}, { page, times: 2 })).damaged).toMatchObject({ page, count: 1 })
    }
  })

  it('are no damage when they were cut off before they could be read again', async () => {
    const bytes = pagesFrom(0, 8)
    const { damaged, content } = await copied('base/5/16384', bytes, {}, { page: 5, times: 1, cutOff: true })
    expect(damaged).toBeUndefined()
    expect(content.subarray(5 * pageSize, 6 * pageSize).every((byte) => byte === 0)).toBe(true)
  })
})

interface Tear {
  readonly page: number
  /** How many readings find the page half-written. */
  readonly times: number
  readonly cutOff?: boolean
}

/** Every reading of a page finds its second half as if another write of it was under way. */
function tearing(disk: Disk, { page, times, cutOff = false }: Tear): Disk {
  let left = times
  return readingThrough(disk, async (file, target, position) => {
    const from = page * pageSize - position
    if (left === 0 && cutOff && from === 0 && target.length === pageSize) return 0
    const got = await file.read(target, position)
    if (from >= 0 && from < got && left > 0) {
      left--
      target.fill(0, from + 4_096, from + pageSize)
    }
    return got
  })
}
