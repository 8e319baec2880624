import { join } from 'node:path'
import { displayPath, type Disk, type DiskStat } from '@exprsn/core/disk'
import type { BackupTablespace } from '../archive-stream.ts'
import { unlessRemoved, unreadable } from './reading.ts'

/** A tablespace beside the default one. */
export interface ReadTablespace extends BackupTablespace {
  /** What tells its folder from all others of this machine. */
  readonly identity: string
}

/**
 * The tablespaces of a cluster: links in a folder of their own.
 *
 * @param versionFolder What this cluster has in each of them: others may be in there as well.
 * @throws `BACKUP_BASE_FOLDER_UNREADABLE` when one is not there
 */
export async function findTablespaces(disk: Disk, folder: string, versionFolder: string): Promise<ReadTablespace[]> {
  const links = join(folder, 'pg_tblspc')
  const found: ReadTablespace[] = []
  for await (const { name, kind } of disk.entries(links)) {
    if (!/^[1-9]\d*$/.test(name)) continue
    const link = join(links, name)
    const target = kind === 'symlink' ? await unlessRemoved(link, disk.readLink(link)) : `pg_tblspc/${name}`
    if (target === undefined) continue
    // With something behind it the link itself is followed.
    const stat = await unlessRemoved(link, disk.stat(`${link}/.`))
    const own = stat && (await unlessRemoved(link, disk.stat(join(link, versionFolder))))
    const location = displayPath(target)
    if (stat !== undefined && own !== undefined) found.push({ oid: Number(name), location, identity: identityOf(stat) })
    else if ((await unlessRemoved(link, disk.stat(link))) !== undefined)
      throw unreadable(link, `the tablespace in ${location} cannot be reached by this process`)
  }
  return found.sort((left, right) => left.oid - right.oid)
}

/** The same for each path that leads to a folder. */
export function identityOf({ device, inode }: DiskStat): string {
  return `${device}:${inode}`
}
