import type { Disk, DiskPath } from './disk.ts'
import { isDiskError } from './disk-error.ts'

/**
 * Whether a path names anything, a dangling symbolic link included.
 *
 * @throws The disk's errors other than "not found": a folder that may not be searched is not an answer.
 * @example
 * ```ts
 * import { exists, systemDisk } from '@exprsn/core/disk'
 *
 * console.log(await exists(systemDisk, process.execPath)) // true
 * ```
 */
export async function exists(disk: Disk, path: DiskPath): Promise<boolean> {
  try {
    await disk.stat(path)
    return true
  } catch (thrown) {
    if (isDiskError(thrown, 'CORE_DISK_NOT_FOUND') || isDiskError(thrown, 'CORE_DISK_NOT_A_FOLDER')) return false
    throw thrown
  }
}
