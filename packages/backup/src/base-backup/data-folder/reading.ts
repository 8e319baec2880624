import { displayPath, isDiskError, unlessGone, type DiskPath } from '@exprsn/core/disk'
import { baseBackupErrors } from '../errors.ts'

/**
 * What reading something of a data folder gives, or undefined when the server has removed it meanwhile: the log says so, too.
 *
 * @throws `BACKUP_BASE_FOLDER_UNREADABLE`, and the disk's other errors
 */
export async function unlessRemoved<Result>(path: DiskPath, reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await unlessGone(reading)
  } catch (error) {
    if (isDiskError(error, 'CORE_DISK_DENIED')) throw unreadable(path, 'this process lacks the permission', error)
    throw error
  }
}

/** @returns `BACKUP_BASE_FOLDER_UNREADABLE` */
export function unreadable(path: DiskPath, reason: string, cause?: unknown) {
  return baseBackupErrors.BACKUP_BASE_FOLDER_UNREADABLE({ path: displayPath(path), reason }, { cause })
}
