import assert from 'node:assert/strict'
import type { ConformanceCase } from '../conformance.ts'
import { put, text, type DiskSubject } from './disk-subject.ts'
import { expectFailure } from './expect-failure.ts'

/** Opening, reading and writing. */
export const fileCases: readonly ConformanceCase<DiskSubject>[] = [
  {
    name: 'a file gives back what was written, at any position',
    async run({ disk, folder }) {
      const file = await disk.open(`${folder}/file`, 'create-new')
      await file.write(Buffer.from('hello world'), 0)
      await file.write(Buffer.from('W'), 6)
      const bytes = new Uint8Array(5)
      assert.equal(await file.read(bytes, 6), 5)
      assert.equal(Buffer.from(bytes).toString(), 'World')
      await file.close()
      assert.equal(await text(disk, `${folder}/file`), 'hello World')
    },
  },
  {
    name: 'synchronous and asynchronous calls see the same file',
    async run({ disk, folder }) {
      const file = disk.openSync(`${folder}/file`, 'create')
      file.writeSync(Buffer.from('abc'), 0)
      const bytes = new Uint8Array(3)
      assert.equal(await file.read(bytes, 0), 3)
      await file.write(Buffer.from('XYZ'), 3)
      assert.equal(file.readSync(bytes, 3), 3)
      assert.equal(Buffer.from(bytes).toString(), 'XYZ')
      file.fsyncSync()
      file.fdatasyncSync()
      await file.fsync()
      await file.fdatasync()
      file.truncateSync(1)
      assert.equal(file.statSync().size, 1)
      file.closeSync()
      assert.equal(disk.statSync(`${folder}/file`).size, 1)
    },
  },
  {
    name: 'a read returns less only at the end, and 0 behind it',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, 'abc')
      const file = await disk.open(`${folder}/file`, 'read')
      assert.equal(await file.read(new Uint8Array(10), 1), 2)
      assert.equal(await file.read(new Uint8Array(10), 3), 0)
      assert.equal(file.readSync(new Uint8Array(10), 99), 0)
      assert.equal(await file.read(new Uint8Array(0), 0), 0)
      await file.close()
    },
  },
  {
    name: 'a write behind the end and a longer truncation leave zeros between',
    async run({ disk, folder }) {
      const file = await disk.open(`${folder}/file`, 'create')
      await file.write(Buffer.from('b'), 3)
      await file.truncate(6)
      await file.truncate(5)
      const bytes = new Uint8Array(9)
      assert.equal(await file.read(bytes, 0), 5)
      assert.deepEqual([...bytes.subarray(0, 5)], [0, 0, 0, 98, 0])
      await file.truncate(0)
      await file.truncate(4)
      assert.equal(await file.read(bytes, 0), 4)
      assert.deepEqual([...bytes.subarray(0, 4)], [0, 0, 0, 0])
      await file.close()
    },
  },
  {
    name: 'append writes to the end, whatever the position, also by two writers',
    async run({ disk, folder }) {
      await put(disk, `${folder}/log`, 'one ')
      const first = await disk.open(`${folder}/log`, 'append')
      const second = await disk.open(`${folder}/log`, 'append')
      await first.write(Buffer.from('two '), 0)
      second.writeSync(Buffer.from('three '), 0)
      await first.write(Buffer.from('four'), 0)
      await first.close()
      await second.close()
      assert.equal(await text(disk, `${folder}/log`), 'one two three four')
    },
  },
  {
    name: 'the modes of open make, keep, empty or refuse',
    async run({ disk, folder }) {
      const path = `${folder}/file`
      await expectFailure('CORE_DISK_NOT_FOUND', 'open', () => disk.open(path, 'read'))
      await expectFailure('CORE_DISK_NOT_FOUND', 'open', () => disk.openSync(path, 'update'))
      await put(disk, path, 'kept', 'create-new')
      await expectFailure('CORE_DISK_EXISTS', 'open', () => disk.open(path, 'create-new'))
      for (const mode of ['create', 'update', 'append', 'read'] as const) await (await disk.open(path, mode)).close()
      assert.equal(await text(disk, path), 'kept')
      await (await disk.open(path, 'truncate')).close()
      assert.equal(await text(disk, path), '')
    },
  },
  {
    name: 'a file opened to read cannot be changed',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, 'kept')
      const file = await disk.open(`${folder}/file`, 'read')
      await expectFailure('CORE_DISK_DENIED', 'write', () => file.write(Buffer.from('x'), 0))
      await expectFailure('CORE_DISK_DENIED', 'truncate', () => file.truncateSync(0))
      await file.close()
      assert.equal(await text(disk, `${folder}/file`), 'kept')
    },
  },
  {
    name: 'a closed file refuses everything, and closing it again does nothing',
    async run({ disk, folder }) {
      const file = await disk.open(`${folder}/file`, 'create')
      await file.close()
      await file.close()
      file.closeSync()
      await expectFailure('CORE_DISK_CLOSED', 'read', () => file.read(new Uint8Array(1), 0))
      await expectFailure('CORE_DISK_CLOSED', 'write', () => file.writeSync(new Uint8Array(1), 0))
      await expectFailure('CORE_DISK_CLOSED', 'fsync', () => file.fsync())
      await expectFailure('CORE_DISK_CLOSED', 'stat', () => file.statSync())
    },
  },
  {
    name: 'a position that is none is refused',
    async run({ disk, folder }) {
      const file = await disk.open(`${folder}/file`, 'create')
      for (const offset of [-1, 0.5, Number.NaN, 2 ** 53]) {
        await expectFailure('CORE_DISK_OFFSET_INVALID', 'read', () => file.read(new Uint8Array(1), offset))
        await expectFailure('CORE_DISK_OFFSET_INVALID', 'write', () => file.writeSync(new Uint8Array(1), offset))
        await expectFailure('CORE_DISK_OFFSET_INVALID', 'truncate', () => file.truncate(offset))
      }
      await file.close()
    },
  },
  {
    name: 'a removed or replaced file stays readable for who has it open',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, 'old')
      const file = await disk.open(`${folder}/file`, 'read')
      await put(disk, `${folder}/new`, 'new')
      await disk.rename(`${folder}/new`, `${folder}/file`)
      await disk.removeFile(`${folder}/file`)
      const bytes = new Uint8Array(3)
      await file.read(bytes, 0)
      assert.equal(Buffer.from(bytes).toString(), 'old')
      assert.equal((await file.stat()).links, 0)
      await file.close()
    },
  },
  {
    name: 'bytes given to a write may be used again at once when it has returned',
    async run({ disk, folder }) {
      const file = await disk.open(`${folder}/file`, 'create')
      const bytes = Buffer.from('first')
      await file.write(bytes, 0)
      bytes.fill(0)
      file.writeSync(bytes, 5)
      bytes.fill(1)
      await file.close()
      assert.equal(await text(disk, `${folder}/file`), 'first\0\0\0\0\0')
    },
  },
]
