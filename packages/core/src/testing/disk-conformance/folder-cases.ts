import assert from 'node:assert/strict'
import type { ConformanceCase } from '../conformance.ts'
import { names, put, text, type DiskSubject } from './disk-subject.ts'
import { expectFailure } from './expect-failure.ts'

/** Folders and names. */
export const folderCases: readonly ConformanceCase<DiskSubject>[] = [
  {
    name: 'a folder is made with its missing parents, and again without complaint',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/a/b/c`)
      disk.makeFolderSync(`${folder}/a/b/c`)
      disk.makeFolderSync(`${folder}/a/d/`)
      assert.deepEqual(await names(disk, `${folder}/a`), ['b', 'd'])
      assert.equal((await disk.stat(`${folder}/a/b/c`)).kind, 'folder')
    },
  },
  {
    name: 'a folder is not made where or below where a file is',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      await expectFailure('CORE_DISK_EXISTS', 'makeFolder', () => disk.makeFolder(`${folder}/file`))
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'makeFolder', () => disk.makeFolderSync(`${folder}/file/below`))
    },
  },
  {
    name: 'entries are names with their kind',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/folder`)
      await put(disk, `${folder}/file`, '')
      await disk.symlink('nowhere', `${folder}/link`)
      const expected = [
        { name: 'file', kind: 'file' },
        { name: 'folder', kind: 'folder' },
        { name: 'link', kind: 'symlink' },
      ]
      const seen = []
      for await (const entry of disk.entries(folder)) seen.push(entry)
      const byName = (left: { readonly name: string }, right: { readonly name: string }): number =>
        left.name < right.name ? -1 : 1
      assert.deepEqual(seen.sort(byName), expected)
      assert.deepEqual(disk.entriesSync(folder).sort(byName), expected)
      assert.deepEqual(new Set(disk.namesSync(folder)), new Set(expected.map(({ name }) => name)))
    },
  },
  {
    name: 'a folder of many names is listed completely, and reading may stop early',
    async run({ disk, folder }) {
      const expected = Array.from({ length: 700 }, (_, index) => `file-${1000 + index}`)
      for (const name of expected) disk.openSync(`${folder}/${name}`, 'create').closeSync()
      assert.deepEqual(await names(disk, folder), expected)
      for await (const { name } of disk.entries(folder)) {
        assert.ok(expected.includes(name))
        break
      }
    },
  },
  {
    name: 'what cannot be listed is an error',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      await expectFailure('CORE_DISK_NOT_FOUND', 'entries', () => names(disk, `${folder}/missing`))
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'entries', () => names(disk, `${folder}/file`))
      await expectFailure('CORE_DISK_NOT_FOUND', 'entries', () => disk.entriesSync(`${folder}/missing`))
      await expectFailure('CORE_DISK_NOT_FOUND', 'entries', () => disk.namesSync(`${folder}/missing`))
    },
  },
  {
    name: 'a rename replaces a file',
    async run({ disk, folder }) {
      await put(disk, `${folder}/old`, 'old')
      await put(disk, `${folder}/new`, 'new')
      await disk.rename(`${folder}/new`, `${folder}/old`)
      assert.deepEqual(await names(disk, folder), ['old'])
      assert.equal(await text(disk, `${folder}/old`), 'new')
      disk.renameSync(`${folder}/old`, `${folder}/old`)
      assert.equal(await text(disk, `${folder}/old`), 'new')
    },
  },
  {
    name: 'a rename moves a folder with what is in it, over an empty one at most',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/a/inner`)
      await disk.makeFolder(`${folder}/empty`)
      await disk.makeFolder(`${folder}/full/of/things`)
      await expectFailure('CORE_DISK_NOT_EMPTY', 'rename', () => disk.rename(`${folder}/a`, `${folder}/full`))
      await disk.rename(`${folder}/a`, `${folder}/empty`)
      assert.deepEqual(await names(disk, `${folder}/empty`), ['inner'])
    },
  },
  {
    name: 'a rename that makes no sense is an error and changes nothing',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/folder`)
      await put(disk, `${folder}/file`, 'kept')
      const { disk: d, folder: f } = { disk, folder }
      await expectFailure('CORE_DISK_NOT_FOUND', 'rename', () => d.rename(`${f}/missing`, `${f}/x`))
      await expectFailure('CORE_DISK_NOT_FOUND', 'rename', () => d.rename(`${f}/file`, `${f}/missing/x`))
      await expectFailure('CORE_DISK_IS_A_FOLDER', 'rename', () => d.rename(`${f}/file`, `${f}/folder`))
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'rename', () => d.renameSync(`${f}/folder`, `${f}/file`))
      await expectFailure('CORE_DISK_FAILED', 'rename', () => d.rename(`${f}/folder`, `${f}/folder/inside`))
      assert.deepEqual(await names(disk, folder), ['file', 'folder'])
      assert.equal(await text(disk, `${folder}/file`), 'kept')
    },
  },
  {
    name: 'removing takes files and empty folders, each by its own call',
    async run({ disk, folder }) {
      await disk.makeFolder(`${folder}/folder/inner`)
      await put(disk, `${folder}/file`, '')
      await expectFailure(['CORE_DISK_IS_A_FOLDER', 'CORE_DISK_DENIED'], 'removeFile', () =>
        disk.removeFile(`${folder}/folder`),
      )
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'removeFolder', () => disk.removeFolder(`${folder}/file`))
      await expectFailure('CORE_DISK_NOT_EMPTY', 'removeFolder', () => disk.removeFolderSync(`${folder}/folder`))
      disk.removeFileSync(`${folder}/file`)
      disk.removeFolderSync(`${folder}/folder/inner`)
      await disk.removeFolder(`${folder}/folder`)
      assert.deepEqual(await names(disk, folder), [])
      await expectFailure('CORE_DISK_NOT_FOUND', 'removeFile', () => disk.removeFile(`${folder}/file`))
      await expectFailure('CORE_DISK_NOT_FOUND', 'removeFolder', () => disk.removeFolder(`${folder}/folder`))
    },
  },
  {
    name: 'the names in a folder can be synced, those of a file or of nothing cannot',
    async run({ disk, folder }) {
      await put(disk, `${folder}/file`, '')
      await disk.fsyncFolder(folder)
      disk.fsyncFolderSync(folder)
      await expectFailure('CORE_DISK_NOT_A_FOLDER', 'fsyncFolder', () => disk.fsyncFolder(`${folder}/file`))
      await expectFailure('CORE_DISK_NOT_FOUND', 'fsyncFolder', () => disk.fsyncFolderSync(`${folder}/missing`))
    },
  },
  {
    name: 'a folder cannot be written like a file',
    async run({ disk, folder }) {
      await expectFailure('CORE_DISK_IS_A_FOLDER', 'open', () => disk.open(folder, 'create'))
      const opened = await disk.open(folder, 'read')
      await expectFailure('CORE_DISK_IS_A_FOLDER', 'read', () => opened.read(new Uint8Array(1), 0))
      await opened.close()
    },
  },
]
