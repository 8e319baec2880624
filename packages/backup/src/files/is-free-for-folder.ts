import { exists, type Disk } from '@exprsn/core/disk'

/** Whether a path is free to become a folder of ours: nothing stands there, or an empty folder. */
export async function isFreeForFolder(disk: Disk, path: string): Promise<boolean> {
  if (!(await exists(disk, path))) return true
  if ((await disk.stat(path)).kind !== 'folder') return false
  for await (const _ of disk.entries(path)) return false
  return true
}
