import { join } from 'node:path'
import type { Disk } from '../../disk/disk.ts'
import { isAbsent, isMissing, isObstructed, isTaken } from './disk-failure.ts'

/** Removes a file; true when there was one. */
export async function removeIfThere(disk: Disk, path: string): Promise<boolean> {
  try {
    await disk.removeFile(path)
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

/** Whether a path is a folder. */
export async function isFolder(disk: Disk, path: string): Promise<boolean> {
  try {
    return (await disk.stat(path)).kind === 'folder'
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

/** Removes a folder that holds nothing but empty folders; true when it is gone. */
export async function removeEmptyFolders(disk: Disk, path: string): Promise<boolean> {
  if (!(await isFolder(disk, path))) return false
  for await (const entry of disk.entries(path))
    if (entry.kind !== 'folder' || !(await removeEmptyFolders(disk, join(path, entry.name)))) return false
  try {
    await disk.removeFolder(path)
    return true
  } catch (error) {
    if (isMissing(error)) return true
    if (isObstructed(error) || isTaken(error)) return false
    throw error
  }
}
