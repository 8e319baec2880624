import type { ErrorDefinition, ErrorMaker } from '../errors/registry.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import type { DiskPath } from './disk.ts'
import { diskErrors } from './errors.ts'
import { displayPath } from './paths.ts'

/** A code of {@link diskErrors}. */
export type DiskErrorCode = keyof typeof diskErrors.definitions

const codeOfErrno: Readonly<Record<string, DiskErrorCode>> = {
  ENOENT: 'CORE_DISK_NOT_FOUND',
  EEXIST: 'CORE_DISK_EXISTS',
  ENOSPC: 'CORE_DISK_FULL',
  EDQUOT: 'CORE_DISK_FULL',
  EACCES: 'CORE_DISK_DENIED',
  EPERM: 'CORE_DISK_DENIED',
  ENOTEMPTY: 'CORE_DISK_NOT_EMPTY',
  ENOTDIR: 'CORE_DISK_NOT_A_FOLDER',
  EISDIR: 'CORE_DISK_IS_A_FOLDER',
  EMFILE: 'CORE_DISK_TOO_MANY_OPEN',
  ENFILE: 'CORE_DISK_TOO_MANY_OPEN',
  EROFS: 'CORE_DISK_READ_ONLY',
  EXDEV: 'CORE_DISK_CROSS_DEVICE',
  ENAMETOOLONG: 'CORE_DISK_NAME_TOO_LONG',
  ELOOP: 'CORE_DISK_LOOP',
  EBADF: 'CORE_DISK_CLOSED',
  // Node's own check of a path: a zero byte in it, or no text and no bytes at all.
  ERR_INVALID_ARG_VALUE: 'CORE_DISK_PATH_INVALID',
  ERR_INVALID_ARG_TYPE: 'CORE_DISK_PATH_INVALID',
}

/** The error for a reason the system named, such as `ENOSPC`; anything unknown is `CORE_DISK_FAILED`. */
export function diskErrorOf(errno: string, operation: string, path: DiskPath, cause?: unknown): ExprsnError {
  const code = (Object.hasOwn(codeOfErrno, errno) && codeOfErrno[errno]) || 'CORE_DISK_FAILED'
  const make = diskErrors[code] as ErrorMaker<DiskErrorCode, ErrorDefinition>
  return make({ path: displayPath(path), operation, errno }, { cause })
}

/** The error for what the system threw; an error of the family passes unchanged. */
export function diskError(thrown: unknown, operation: string, path: DiskPath): ExprsnError {
  if (ExprsnError.is(thrown)) return thrown
  const errno = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'UNKNOWN'
  return diskErrorOf(errno, operation, path, thrown)
}

/** Whether something thrown is an error of the disk's, or the one of this code. */
export function isDiskError(thrown: unknown): thrown is ExprsnError
export function isDiskError(thrown: unknown, code: DiskErrorCode): boolean
export function isDiskError(thrown: unknown, code?: DiskErrorCode): boolean {
  if (!ExprsnError.is(thrown)) return false
  return code === undefined ? Object.hasOwn(diskErrors.definitions, thrown.code) : thrown.code === code
}

/** Refuses what cannot be a position or size: a fraction, a negative number, more than 2⁵³ − 1. */
export function checkOffset(offset: number, operation: string, path: DiskPath): void {
  if (!Number.isSafeInteger(offset) || offset < 0)
    throw diskErrors.CORE_DISK_OFFSET_INVALID({ path: displayPath(path), operation, errno: 'EINVAL', offset })
}
