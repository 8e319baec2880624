import { dirname } from 'node:path'
import { walk, type Disk, type DiskPath } from '@exprsn/core/disk'
import { fileSyncs, folderSyncs } from './sync-queue.ts'

/** Makes a whole tree durable, and its own name in the folder above: content first, then the names. */
export async function syncTree(disk: Disk, folder: string): Promise<void> {
  const found: DiskPath[] = [folder, dirname(folder)]
  const files = fileSyncs(disk)
  try {
    for await (const { path, stat } of walk(disk, folder)) {
      if (stat.kind === 'folder') found.push(path)
      if (stat.kind === 'file') files.add(path)
    }
  } catch (error) {
    await files.stop()
    throw error
  }
  await files.done()
  await syncFolders(disk, found)
}

/** Makes the names in folders durable. */
export async function syncFolders(disk: Disk, paths: Iterable<DiskPath>): Promise<void> {
  const folders = folderSyncs(disk)
  for (const path of paths) folders.add(path)
  await folders.done()
}
