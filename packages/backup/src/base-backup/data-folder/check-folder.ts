import { join } from 'node:path'
import type { Disk } from '@exprsn/core/disk'
import { firstRow, type CopyConnection } from '../../replication/connection.ts'
import { baseBackupErrors } from '../errors.ts'
import { pageSize } from '../pages/page.ts'
import type { FolderServer } from './backup-session.ts'
import { controlFilePath, readControlFile, type ControlFile } from './control-file.ts'
import { unlessRemoved } from './reading.ts'

/**
 * Makes sure that a folder is the one that a server works in. A standby and a copy have the identifier of their cluster, too, so the
 * server is asked to export a snapshot: that puts a file into its folder, which any role may do and which is gone at once.
 *
 * @throws `BACKUP_BASE_FOLDER_WRONG`, `BACKUP_BASE_FOLDER_UNREADABLE`
 */
export async function checkFolder(
  connection: CopyConnection,
  { disk, folder, server }: { readonly disk: Disk; readonly folder: string; readonly server: FolderServer },
): Promise<ControlFile> {
  const wrong = (reason: string) => baseBackupErrors.BACKUP_BASE_FOLDER_WRONG({ folder, server: server.server, reason })
  const control = await readControlFile(disk, folder)
  if (control === undefined) throw wrong(`there is no ${controlFilePath} in it`)
  if (control.systemIdentifier !== server.systemIdentifier)
    throw wrong(`it belongs to cluster ${control.systemIdentifier}, and the server to ${server.systemIdentifier}`)
  if (server.pageSize !== pageSize) throw wrong(`pages of ${server.pageSize} bytes cannot be verified`)
  if (!(await showsSnapshot(connection, disk, folder)))
    throw wrong('what the server writes does not appear there, so it is a copy or the folder of another server')
  return control
}

async function showsSnapshot(connection: CopyConnection, disk: Disk, folder: string): Promise<boolean> {
  await connection.query('begin isolation level repeatable read')
  try {
    const { name } = firstRow(await connection.query('select pg_catalog.pg_export_snapshot() as name'))
    const place = join(folder, 'pg_snapshots', name ?? '')
    return (await unlessRemoved(place, disk.stat(place)))?.kind === 'file'
  } finally {
    await connection.query('rollback')
  }
}
