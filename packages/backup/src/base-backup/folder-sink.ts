import { dirname, join } from 'node:path'
import { exists, removeTree, systemDisk, type Disk, type DiskFile } from '@exprsn/core/disk'
import { isFreeForFolder } from '../files/is-free-for-folder.ts'
import { fileSyncs } from '../files/sync-queue.ts'
import { syncFolders } from '../files/sync-tree.ts'
import { onDisk } from '../manifest/verify-backup.ts'
import { baseBackupErrors } from './errors.ts'
import type { BackupSink } from './sink.ts'

/** Options of {@link folderSink}. */
export interface FolderSinkOptions {
  /** Must not exist, or be empty. */
  readonly into: string
  /** Whether the backup survives a power loss once it is complete. @default true */
  readonly durable?: boolean | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
}

/** Of a file that is being written, this much is let gather before it is made durable. */
const syncStep = 32 * 1024 * 1024

/**
 * Writes a plain tree: `base/` is a data folder, `tablespaces/<oid>/` stands beside it and is linked from
 * `base/pg_tblspc`, so that `pg_verifybackup base` accepts it. Everything grows under `<into>.partial` and gets its
 * name only when it is whole: a run that breaks off is never taken for a backup. An old `.partial` is removed first.
 * Files are made durable while others still arrive, so that the disk is not idle until the end.
 *
 * @throws `BACKUP_BASE_TARGET_NOT_EMPTY`
 * @example
 * ```ts no-run
 * import { folderSink, receiveBaseBackup } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: '/var/run/postgresql' })
 * const sink = await folderSink({ into: '/var/backups/base-1', durable: false })
 * await receiveBaseBackup({ connector, sink })
 * ```
 */
export async function folderSink(options: FolderSinkOptions): Promise<BackupSink> {
  const { into, durable = true, disk = systemDisk } = options
  const partial = `${into}.partial`
  if (!(await isFreeForFolder(disk, into))) throw baseBackupErrors.BACKUP_BASE_TARGET_NOT_EMPTY({ path: into })
  await removeTree(disk, partial)
  await disk.makeFolder(join(partial, 'base'), { permissions: 0o700 })
  const folders = new Set<string>([partial, join(partial, 'base')])
  const links = new Map<string, string>()
  const syncs = fileSyncs(disk)
  let current: DiskFile | undefined
  let position = 0

  const makeFolder = (path: string, mode: number): void => {
    if (folders.has(path)) return
    disk.makeFolderSync(path, { permissions: mode })
    for (let made = path; !folders.has(made); made = dirname(made)) folders.add(made)
  }
  const closeCurrent = (): void => {
    current?.closeSync()
    current = undefined
  }

  return {
    folder(path, mode) {
      const tablespace = /^pg_tblspc\/(\d+)$/.exec(path)?.[1]
      if (tablespace === undefined) return makeFolder(onDisk(partial, path), mode)
      makeFolder(join(partial, 'tablespaces', tablespace), 0o700)
      links.set(`pg_tblspc/${tablespace}`, `../../tablespaces/${tablespace}`)
    },
    symlink(path, target) {
      links.set(path, target)
    },
    file({ path, mode }) {
      const place = onDisk(partial, path)
      makeFolder(dirname(place), 0o700)
      current = disk.openSync(place, 'create-new', { permissions: mode })
      position = 0
    },
    // Synchronous on purpose: 447 MB/s into a folder here where pg_basebackup -Fp reaches 381; the socket waits meanwhile.
    write(bytes) {
      current!.writeSync(bytes, position)
      position += bytes.length
      if (durable && position % syncStep < bytes.length) syncs.add(current!.path)
    },
    endFile() {
      if (durable) syncs.add(current!.path)
      closeCurrent()
    },
    async finish() {
      // Links come last: nothing can be written through them.
      for (const [path, target] of links) {
        makeFolder(dirname(join(partial, 'base', path)), 0o700)
        await disk.symlink(target, join(partial, 'base', path))
      }
      await syncs.done()
      if (durable) await syncFolders(disk, folders)
      if (await exists(disk, into)) await disk.removeFolder(into)
      await disk.rename(partial, into)
      if (durable) await disk.fsyncFolder(dirname(into))
    },
    async abort() {
      closeCurrent()
      await syncs.stop()
      await removeTree(disk, partial)
    },
  }
}
