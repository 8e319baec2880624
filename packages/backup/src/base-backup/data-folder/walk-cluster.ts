import { join } from 'node:path'
import type { Disk, DiskEntry } from '@exprsn/core/disk'
import { identityOf, type ReadTablespace } from './find-tablespaces.ts'
import { selectEntries } from './select-entries.ts'
import { unlessRemoved, unreadable } from './reading.ts'

/** A folder or file that belongs to a backup. */
export interface ClusterEntry {
  readonly kind: 'file' | 'folder'
  /** As manifests have it. */
  readonly path: string
  /** Where it is on the disk. */
  readonly place: string
  /** Permission bits of a folder. */
  readonly mode: number
}

/** Options of {@link walkCluster}. */
export interface WalkClusterOptions {
  readonly disk: Disk
  readonly folder: string
  /** Folder in each tablespace that is this cluster's, such as `PG_18_202506291`. */
  readonly versionFolder: string
  readonly tablespaces: readonly ReadTablespace[]
  /** Folders that an empty `pg_wal` has. */
  readonly walFolders: readonly string[]
}

const folderMode = 0o700

/** All that belongs to a backup of a cluster, a folder before what it holds; tablespaces first, as a server sends them. */
export async function* walkCluster(options: WalkClusterOptions): AsyncGenerator<ClusterEntry, void, undefined> {
  const { folder, versionFolder, tablespaces } = options
  for (const { oid } of tablespaces) {
    const path = `pg_tblspc/${oid}`
    yield { kind: 'folder', path, place: join(folder, path), mode: folderMode }
    yield* walkInside(options, `${path}/${versionFolder}`)
  }
  yield* walkEntries(options, '')
}

/** A folder that may be gone. */
async function* walkInside(options: WalkClusterOptions, path: string): AsyncGenerator<ClusterEntry> {
  const { disk, folder, tablespaces } = options
  const place = join(folder, path)
  const stat = await unlessRemoved(place, disk.stat(place))
  if (stat === undefined) return
  yield { kind: 'folder', path, place, mode: stat.mode & 0o777 }
  // A tablespace may lie in the data folder itself: it has been read.
  if (tablespaces.every(({ identity }) => identity !== identityOf(stat))) yield* walkEntries(options, path)
}

async function* walkEntries(options: WalkClusterOptions, folder: string): AsyncGenerator<ClusterEntry> {
  const entries = (await entriesOf(options.disk, join(options.folder, folder))) ?? []
  for (const { name, kind } of selectEntries(folder, entries)) {
    const path = folder === '' ? name : `${folder}/${name}`
    if (kind === 'file') yield { kind, path, place: join(options.folder, path), mode: 0 }
    else if (kind === 'folder') yield* walkInside(options, path)
    else yield* emptiedFolder(options, path)
  }
}

/** What is a link on the server is a folder in the backup. */
async function* emptiedFolder(options: WalkClusterOptions, path: string): AsyncGenerator<ClusterEntry> {
  const place = join(options.folder, path)
  const stat = await unlessRemoved(place, options.disk.stat(place))
  if (stat === undefined) return
  const mode = stat.kind === 'folder' ? stat.mode & 0o777 : folderMode
  yield { kind: 'folder', path, place, mode }
  if (path !== 'pg_wal') return
  for (const name of options.walFolders)
    yield { kind: 'folder', path: `${path}/${name}`, place: join(place, name), mode }
}

async function entriesOf(disk: Disk, place: string): Promise<DiskEntry[] | undefined> {
  const read = async (): Promise<DiskEntry[]> => {
    const entries: DiskEntry[] = []
    for await (const entry of disk.entries(place)) {
      if (entry.rawName !== undefined) throw unreadable(place, 'a name in it is not UTF-8')
      entries.push(entry)
    }
    return entries
  }
  return unlessRemoved(place, read())
}
