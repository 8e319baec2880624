import { dirname } from 'node:path'
import { walk, type Disk, type DiskPath } from '@exprsn/core/disk'

const inFlight = 8

/** Makes a whole tree durable, and its own name in the folder above: content first, then the names. */
export async function syncTree(disk: Disk, folder: string): Promise<void> {
  const folders: DiskPath[] = [folder]
  const open: Promise<void>[] = []
  for await (const { path, stat } of walk(disk, folder)) {
    if (stat.kind === 'folder') folders.push(path)
    if (stat.kind === 'file') open.push(syncFile(disk, path))
    if (open.length === inFlight) await settleAll(open.splice(0))
  }
  await settleAll(open)
  for (const path of folders.reverse()) await disk.fsyncFolder(path)
  await disk.fsyncFolder(dirname(folder))
}

/** Waits for all, so that no file is still open when the first failure is thrown. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason
}

async function syncFile(disk: Disk, path: DiskPath): Promise<void> {
  const file = await disk.open(path, 'read')
  try {
    await file.fsync()
  } finally {
    await file.close()
  }
}
