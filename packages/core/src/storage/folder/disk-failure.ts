import { isDiskError } from '../../disk/disk-error.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import { storageErrors } from '../errors.ts'

/** The system's own name of a disk failure, such as `ENOENT`. */
function errnoOf(error: unknown): string | undefined {
  return ExprsnError.is(error) && typeof error.details['errno'] === 'string' ? error.details['errno'] : undefined
}

/** Whether a disk failure says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  if (ExprsnError.is(error) && error.code === 'CORE_DISK_NOT_FOUND') return true
  return errnoOf(error) === 'ENOENT'
}

/** Whether a disk failure says that a file stands where a folder is needed, or the other way round. */
export function isObstructed(error: unknown): boolean {
  const errno = errnoOf(error)
  return errno === 'ENOTDIR' || errno === 'EISDIR' || errno === 'ENOTEMPTY'
}

/** Whether a disk failure says that there is nothing to read at a path. */
export function isAbsent(error: unknown): boolean {
  return isMissing(error) || errnoOf(error) === 'ENOTDIR'
}

/** Whether a disk failure says that a name is taken. */
export function isTaken(error: unknown): boolean {
  return ExprsnError.is(error) && (error.code === 'CORE_DISK_EXISTS' || errnoOf(error) === 'EEXIST')
}

/** Runs a step of an operation and turns the disk's failures into the store's; all other errors pass. */
export async function onDisk<Result>(operation: string, key: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    throw storeFailure(operation, key, error)
  }
}

/** The store's error for a failure of the disk. */
export function storeFailure(operation: string, key: string, cause: unknown): unknown {
  if (!isDiskError(cause)) return cause
  const details = { operation, key, path: cause.details['path'], errno: cause.details['errno'] }
  switch (cause.code) {
    case 'CORE_DISK_FULL':
      return storageErrors.CORE_STORAGE_FULL(details, { cause })
    case 'CORE_DISK_DENIED':
      return storageErrors.CORE_STORAGE_DENIED(details, { cause })
    default:
      return cause.retryable
        ? storageErrors.CORE_STORAGE_UNAVAILABLE(details, { cause })
        : storageErrors.CORE_STORAGE_FAILED(details, { cause })
  }
}
