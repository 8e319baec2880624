import { lstatSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import type { Disk, DiskPath } from './disk.ts'
import { diskError } from './disk-error.ts'
import { textOrBytes } from './paths.ts'
import { entries, entriesSync, namesSync } from './system/entries.ts'
import { fsyncFolder, fsyncFolderSync } from './system/fsync-folder.ts'
import { lockFile } from './system/lock.ts'
import { makeFolders, makeFoldersSync } from './system/make-folder.ts'
import { openFile, openFileSync } from './system/open-file.ts'
import { diskGlance, diskStat } from './system/stat.ts'
import { systemPath } from './system/system-path.ts'
import { systemTime } from './system/system-time.ts'

const folderPermissions = 0o777

/**
 * The machine's own file system: the default wherever a `disk` is an option.
 *
 * Paths are relative to the working directory unless they begin with `/`. Locks keep processes of one machine apart;
 * on a network file system they are as good as its own locks.
 *
 * @throws The codes of {@link diskErrors}, in every call.
 * @example
 * ```ts
 * import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * const file = await systemDisk.open(`${folder}/notes.txt`, 'create-new')
 * await file.write(Buffer.from('kept'), 0)
 * await file.fsync()
 * await file.close()
 * await systemDisk.fsyncFolder(folder) // now the name is durable, too
 * await removeTree(systemDisk, folder)
 * ```
 */
export const systemDisk: Disk = {
  open: openFile,
  openSync: openFileSync,
  stat: (path) => call('stat', path, async (systemsPath) => diskStat(await fs.lstat(systemsPath, { bigint: true }))),
  statSync: (path) => callSync('stat', path, (systemsPath) => diskStat(lstatSync(systemsPath, { bigint: true }))),
  glanceSync: (path) => callSync('stat', path, (systemsPath) => diskGlance(lstatSync(systemsPath))),
  entries,
  entriesSync,
  namesSync,
  makeFolder: (path, { permissions = folderPermissions } = {}) =>
    call('makeFolder', path, (systemsPath) => makeFolders(systemsPath, permissions)),
  makeFolderSync: (path, { permissions = folderPermissions } = {}) =>
    callSync('makeFolder', path, (systemsPath) => makeFoldersSync(systemsPath, permissions)),
  rename: (from, to) => call('rename', from, (systemsPath) => fs.rename(systemsPath, systemPath(to))),
  renameSync: (from, to) => callSync('rename', from, (systemsPath) => renameSync(systemsPath, systemPath(to))),
  removeFile: (path) => call('removeFile', path, fs.unlink),
  removeFileSync: (path) => callSync('removeFile', path, unlinkSync),
  removeFolder: (path) => call('removeFolder', path, (systemsPath) => fs.rmdir(systemsPath)),
  removeFolderSync: (path) => callSync('removeFolder', path, (systemsPath) => rmdirSync(systemsPath)),
  link: (existing, path) => call('link', path, (systemsPath) => fs.link(systemPath(existing), systemsPath)),
  symlink: (target, path) => call('symlink', path, (systemsPath) => fs.symlink(systemPath(target), systemsPath)),
  readLink: (path) =>
    call('readLink', path, async (systemsPath) => textOrBytes(await fs.readlink(systemsPath, { encoding: 'buffer' }))),
  setMode: (path, mode) => call('setMode', path, (systemsPath) => fs.chmod(systemsPath, mode)),
  setOwner: (path, userId, groupId) => call('setOwner', path, (systemsPath) => fs.lchown(systemsPath, userId, groupId)),
  setTimes: (path, { accessedAt, modifiedAt }) =>
    call('setTimes', path, (systemsPath) => fs.lutimes(systemsPath, systemTime(accessedAt), systemTime(modifiedAt))),
  fsyncFolder,
  fsyncFolderSync,
  space: (path) =>
    call('space', path, async (systemsPath) => {
      const { bavail, blocks, bsize } = await fs.statfs(systemsPath)
      return { free: bavail * bsize, total: blocks * bsize }
    }),
  lock: lockFile,
}

async function call<Result>(
  operation: string,
  path: DiskPath,
  perform: (path: string | Buffer) => Promise<Result>,
): Promise<Result> {
  try {
    return await perform(systemPath(path))
  } catch (thrown) {
    throw diskError(thrown, operation, path)
  }
}

function callSync<Result>(operation: string, path: DiskPath, perform: (path: string | Buffer) => Result): Result {
  try {
    return perform(systemPath(path))
  } catch (thrown) {
    throw diskError(thrown, operation, path)
  }
}
