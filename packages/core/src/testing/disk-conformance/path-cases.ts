import assert from 'node:assert/strict'
import { glanceOf } from '../../disk/glance-of.ts'
import { joinPath } from '../../disk/paths.ts'
import type { ConformanceCase } from '../conformance.ts'
import { names, put, text, type DiskSubject } from './disk-subject.ts'
import { expectFailure } from './expect-failure.ts'

/** Paths, links, facts, room and locks. */
export const pathCases: readonly ConformanceCase<DiskSubject>[] = [
  {
    name: 'names of Unicode and of spaces are kept as they are',
    async run({ disk, folder }) {
      const odd = [' ', 'ä', 'a\u0308', '日本', '🙂', '-rf', "quote's", 'new\nline'].sort()
      for (const name of odd) await put(disk, `${folder}/${name}`, name)
      assert.deepEqual(await names(disk, folder), odd)
      for (const name of odd) assert.equal(await text(disk, `${folder}/${name}`), name)
    },
  },
  {
    name: 'a name that is not UTF-8 is listed, opened, renamed and removed by its bytes',
    async run({ disk, folder }) {
      const raw = Uint8Array.of(0x66, 0xff, 0xfe)
      await put(disk, joinPath(folder, raw), 'raw')
      const [entry] = disk.entriesSync(folder)
      assert.equal(entry?.name, 'f\ufffd\ufffd')
      assert.deepEqual([...(entry?.rawName ?? [])], [...raw])
      assert.equal(await text(disk, joinPath(folder, raw)), 'raw')
      const other = joinPath(folder, Uint8Array.of(0xc0))
      await disk.rename(joinPath(folder, raw), other)
      assert.equal((await disk.stat(other)).size, 3)
      await disk.symlink(Uint8Array.of(0xc0), `${folder}/link`)
      assert.deepEqual(await disk.readLink(`${folder}/link`), Uint8Array.of(0xc0))
      await disk.removeFile(other)
      await expectFailure('CORE_DISK_NOT_FOUND', 'stat', () => disk.stat(other))
    },
  },
  {
    name: 'what cannot be a path is refused',
    async run({ disk, folder }) {
      await expectFailure('CORE_DISK_PATH_INVALID', 'stat', () => disk.stat(`${folder}/zero\0byte`))
      await expectFailure('CORE_DISK_PATH_INVALID', 'open', () => disk.openSync(`${folder}/zero\0byte`, 'create'))
      await expectFailure('CORE_DISK_PATH_INVALID', 'open', () => disk.open(`${folder}/zero\0byte`, 'create'))
      await expectFailure('CORE_DISK_NOT_FOUND', 'stat', () => disk.stat(''))
      await expectFailure('CORE_DISK_NAME_TOO_LONG', 'open', () => disk.open(`${folder}/${'x'.repeat(256)}`, 'create'))
      await put(disk, `${folder}/${'x'.repeat(255)}`, '')
      await expectFailure('CORE_DISK_NAME_TOO_LONG', 'stat', () => disk.stat(`${folder}${'/x'.repeat(2100)}`))
    },
  },
  {
    name: 'a path through a file is an error',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'stat', () => disk.stat(`${folder}/file/below`))
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'open', () => disk.open(`${folder}/file/below`, 'create'))
    },
  },
  {
    name: 'dots and repeated slashes lead where they should',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/a`)
      await put(disk, `${folder}//a/.././/file`, 'found')
      assert.equal(await text(disk, `${folder}/a/../file`), 'found')
    },
  },
  {
    name: 'symbolic links are followed by open, and looked at by stat',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/real`)
      await put(disk, `${folder}/real/file`, 'content')
      await disk.symlink('real', `${folder}/relative`)
      await disk.symlink(`${folder}/real/file`, `${folder}/absolute`)
      assert.equal(await text(disk, `${folder}/relative/file`), 'content')
      assert.equal(await text(disk, `${folder}/absolute`), 'content')
      assert.deepEqual(await names(disk, `${folder}/relative`), ['file'])
      assert.equal((await disk.stat(`${folder}/relative`)).kind, 'symlink')
      assert.equal(await disk.readLink(`${folder}/relative`), 'real')
      await disk.removeFile(`${folder}/absolute`)
      assert.equal(await text(disk, `${folder}/real/file`), 'content')
    },
  },
  {
    name: 'a dangling link is something, but leads nowhere',
    async run({ disk, folder }) {
      await disk.symlink('target', `${folder}/link`)
      assert.equal((await disk.stat(`${folder}/link`)).kind, 'symlink')
      await expectFailure('CORE_DISK_NOT_FOUND', 'open', () => disk.open(`${folder}/link`, 'read'))
      await expectFailure('CORE_DISK_EXISTS', 'open', () => disk.open(`${folder}/link`, 'create-new'))
      await put(disk, `${folder}/link`, 'through', 'create')
      assert.equal(await text(disk, `${folder}/target`), 'through')
    },
  },
  {
    name: 'a link is refused where none may be followed, and what lies beside it is opened',
    async run({ disk, folder }) {
      await put(disk, `${folder}/target`, 'content')
      await disk.symlink('target', `${folder}/link`)
      const noFollow = { noFollow: true }
      for (const mode of ['read', 'update', 'create', 'truncate'] as const)
        await expectFailure('CORE_DISK_LOOP', 'open', () => disk.open(`${folder}/link`, mode, noFollow))
      await expectFailure('CORE_DISK_EXISTS', 'open', () => disk.open(`${folder}/link`, 'create-new', noFollow))
      await (await disk.open(`${folder}/target`, 'read', noFollow)).close()
      assert.equal(await text(disk, `${folder}/target`), 'content')
    },
  },
  {
    name: 'links in a circle are an error',
    async run({ disk, folder }) {
      await disk.symlink('b', `${folder}/a`)
      await disk.symlink('a', `${folder}/b`)
      await expectFailure('CORE_DISK_LOOP', 'open', () => disk.open(`${folder}/a`, 'read'))
      await expectFailure('CORE_DISK_LOOP', 'stat', () => disk.stat(`${folder}/a/below`))
    },
  },
  {
    name: 'a taken name is not linked, and what is no link has no target',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      await expectFailure('CORE_DISK_EXISTS', 'link', () => disk.link(`${folder}/file`, `${folder}/file`))
      await expectFailure('CORE_DISK_EXISTS', 'symlink', () => disk.symlink('x', `${folder}/file`))
      await expectFailure('CORE_DISK_NOT_FOUND', 'link', () => disk.link(`${folder}/missing`, `${folder}/x`))
      await expectFailure('CORE_DISK_DENIED', 'link', () => disk.link(folder, `${folder}/x`))
      await expectFailure('CORE_DISK_FAILED', 'readLink', () => disk.readLink(`${folder}/file`))
    },
  },
  {
    name: 'a hard link is the same file under two names',
    async run({ disk, folder }) {
      await put(disk, `${folder}/one`, 'shared')
      await disk.link(`${folder}/one`, `${folder}/two`)
      const [one, two] = [await disk.stat(`${folder}/one`), await disk.stat(`${folder}/two`)]
      assert.equal(one.links, 2)
      assert.equal(one.inode, two.inode)
      assert.equal(one.device, two.device)
      await disk.removeFile(`${folder}/one`)
      assert.equal(await text(disk, `${folder}/two`), 'shared')
      assert.equal((await disk.stat(`${folder}/two`)).links, 1)
    },
  },
  {
    name: 'stat gives size, permissions and times',
    async run({ disk, folder }) {
      const file = await disk.open(`${folder}/file`, 'create', { permissions: 0o600 })
      await file.write(new Uint8Array(10_000), 0)
      await file.fsync()
      await file.close()
      const { kind, size, mode, links, allocated } = await disk.stat(`${folder}/file`)
      assert.deepEqual({ kind, size, mode, links }, { kind: 'file', size: 10_000, mode: 0o600, links: 1 })
      assert.ok(allocated % 512 === 0, `allocated ${allocated}`)
      await disk.setMode(`${folder}/file`, 0o754)
      assert.equal((await disk.stat(`${folder}/file`)).mode, 0o754)
    },
  },
  {
    name: 'times are kept to the microsecond, also those before 1970, and of a link itself',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      await disk.symlink('file', `${folder}/link`)
      const times = { accessedAt: -86_400_000_001_000n, modifiedAt: 1_763_634_067_250_123_456n }
      for (const name of ['file', 'link']) {
        await disk.setTimes(`${folder}/${name}`, times)
        const { accessedAt, modifiedAt } = await disk.stat(`${folder}/${name}`)
        assert.equal(modifiedAt / 1_000n, times.modifiedAt / 1_000n)
        assert.ok(accessedAt >= times.accessedAt && accessedAt < times.accessedAt + 1_000n, `${accessedAt}`)
      }
      await disk.setTimes(`${folder}/file`, { accessedAt: 0n, modifiedAt: 1_700_000_000_000_000_000n })
      assert.equal((await disk.stat(`${folder}/file`)).modifiedAt, 1_700_000_000_000_000_000n)
    },
  },
  {
    name: 'a glance tells what the other facts tell, as numbers',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, 'abc')
      await disk.makeFolder(`${folder}/sub`)
      await disk.symlink('file', `${folder}/link`)
      // Before 1970, and with nanoseconds that no number of milliseconds has.
      const instants = [
        -1_500_000_001_000n,
        -1_000n,
        0n,
        999_999_000n,
        1_700_000_000_123_457_000n,
        7_000_000_000_000_001_000n,
      ]
      for (const modifiedAt of instants) {
        await disk.setTimes(`${folder}/file`, { accessedAt: 0n, modifiedAt })
        for (const name of ['file', 'sub', 'link'])
          assert.deepEqual(disk.glanceSync(`${folder}/${name}`), glanceOf(disk.statSync(`${folder}/${name}`)))
      }
    },
  },
  {
    name: 'owners can be set to what they are',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      const before = await disk.stat(`${folder}/file`)
      await disk.setOwner(`${folder}/file`, before.userId, before.groupId)
      const after = await disk.stat(`${folder}/file`)
      assert.deepEqual([after.userId, after.groupId], [before.userId, before.groupId])
    },
  },
  {
    name: 'facts of nothing are an error',
    async run({ disk, folder }) {
      const missing = `${folder}/missing`
      const times = { accessedAt: 0n, modifiedAt: 0n }
      await expectFailure('CORE_DISK_NOT_FOUND', 'stat', () => disk.statSync(missing))
      await expectFailure('CORE_DISK_NOT_FOUND', 'stat', () => disk.glanceSync(missing))
      await expectFailure('CORE_DISK_NOT_FOUND', 'setMode', () => disk.setMode(missing, 0o600))
      await expectFailure('CORE_DISK_NOT_FOUND', 'setOwner', () => disk.setOwner(missing, 0, 0))
      await expectFailure('CORE_DISK_NOT_FOUND', 'setTimes', () => disk.setTimes(missing, times))
      await expectFailure('CORE_DISK_NOT_FOUND', 'readLink', () => disk.readLink(missing))
      await expectFailure('CORE_DISK_NOT_FOUND', 'space', () => disk.space(missing))
    },
  },
  {
    name: 'the room left is not more than there is',
    async run({ disk, folder }) {
      const { free, total } = await disk.space(folder)
      assert.ok(free > 0 && free <= total, `${free} of ${total}`)
    },
  },
  {
    name: 'a lock is exclusive, also within a process, until it is released',
    async run({ disk, folder }) {
      const first = await disk.lock(`${folder}/lock`)
      assert.ok(first)
      assert.equal(await disk.lock(`${folder}/lock`), undefined)
      const other = await disk.lock(`${folder}/other`)
      assert.ok(other)
      await first.release()
      await first.release()
      const second = await disk.lock(`${folder}/lock`)
      assert.ok(second)
      await first.release()
      assert.equal(await disk.lock(`${folder}/lock`), undefined)
      await second.release()
      await other.release()
      assert.equal((await disk.stat(`${folder}/lock`)).kind, 'file')
    },
  },
  {
    name: 'a lock is not let go by someone who reads its file',
    async run({ disk, folder }) {
      const lock = await disk.lock(`${folder}/lock`)
      assert.equal(await text(disk, `${folder}/lock`), '')
      assert.equal(await disk.lock(`${folder}/lock`), undefined)
      await lock?.release()
    },
  },
  {
    name: 'a lock in a folder that is not there is an error',
    async run({ disk, folder }) {
      await expectFailure('CORE_DISK_NOT_FOUND', 'lock', () => disk.lock(`${folder}/missing/lock`))
    },
  },
]
