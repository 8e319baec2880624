import { displayPath, type DiskFile } from '@exprsn/core/disk'
import { reconcileErrors } from '../errors.ts'

/** What is thrown for a file that cannot be read as it should be. */
export function fileInvalid(file: Pick<DiskFile, 'path'>, place: number, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_FILE_INVALID({ path: displayPath(file.path), place, reason })
}
