import { defineErrors } from '../errors/registry.ts'

/**
 * What goes wrong with files. Details always hold `path`, `operation` (the port's own word, such as `rename`) and
 * `errno` (the system's name of the reason, such as `ENOSPC`).
 */
export const diskErrors = defineErrors({
  CORE_DISK_NOT_FOUND: {
    message: 'There is nothing at {path} ({operation}).',
    help: 'Check the path, and that every folder in it exists.',
    status: 404,
  },
  CORE_DISK_EXISTS: {
    message: 'Something exists already at {path} ({operation}).',
    help: 'Choose another name, or remove what is there.',
    status: 409,
  },
  CORE_DISK_FULL: {
    message: 'The disk that holds {path} is full, or a quota is used up ({operation}).',
    help: 'Free some space or raise the quota, then try again.',
    status: 507,
  },
  CORE_DISK_DENIED: {
    message: 'This process may not {operation} {path}.',
    help: 'Give the user that runs the process the permission, or choose another path.',
    status: 403,
  },
  CORE_DISK_NOT_EMPTY: {
    message: 'The folder {path} is not empty ({operation}).',
    help: 'Remove what is in it first; removeTree does both.',
    status: 409,
  },
  CORE_DISK_NOT_A_FOLDER: {
    message: 'A folder was expected, but {path} or a part of it is something else ({operation}).',
    help: 'Check the path.',
    status: 409,
  },
  CORE_DISK_IS_A_FOLDER: {
    message: 'A file was expected, but {path} is a folder ({operation}).',
    help: 'Check the path.',
    status: 409,
  },
  CORE_DISK_TOO_MANY_OPEN: {
    message: 'Too many files are open to {operation} {path}.',
    help: 'Try again when others have been closed, or raise the limit (ulimit -n).',
    retryable: true,
    status: 503,
  },
  CORE_DISK_READ_ONLY: {
    message: 'The file system that holds {path} is read-only ({operation}).',
    help: 'Choose a path on a writable file system, or mount it for writing.',
    status: 403,
  },
  CORE_DISK_CROSS_DEVICE: {
    message: 'A rename or link cannot reach from one file system to another: {path} ({operation}).',
    help: 'Copy the file and remove the original, or keep both on one file system.',
    status: 409,
  },
  CORE_DISK_NAME_TOO_LONG: {
    message: 'The path is longer than the file system allows ({operation}): {path}',
    help: 'Use shorter names: most file systems allow 255 bytes for each and 4,095 for a path.',
    status: 400,
  },
  CORE_DISK_LOOP: {
    message: 'Symbolic links lead in a circle at {path} ({operation}).',
    help: 'Repair the link.',
    status: 409,
  },
  CORE_DISK_PATH_INVALID: {
    message: 'This cannot be a path ({operation}): {path}',
    help: 'A path is text or bytes, not empty and without a zero byte.',
    status: 400,
  },
  CORE_DISK_OFFSET_INVALID: {
    message: '{offset} is not a position or size in a file ({operation} of {path}).',
    help: 'Pass a whole number of bytes, 0 or more.',
    status: 400,
  },
  CORE_DISK_TOO_LARGE: {
    message: '{path} is larger than the limit of {limit} bytes ({operation}).',
    help: 'Raise the limit, or read the file in pieces.',
    status: 413,
  },
  CORE_DISK_CLOSED: {
    message: '{path} was used after it had been closed ({operation}).',
    help: 'Open the file again, or close it later.',
  },
  CORE_DISK_FAILED: {
    message: 'The file system failed to {operation} {path}: {errno}.',
    help: 'Look at the cause and at the system log. After a failed fsync, what was written since the last good one may be lost.',
  },
  CORE_DISK_CRASHED: {
    message: 'The simulated machine has crashed ({operation} of {path}).',
    help: 'Continue with the disk that crash() returns.',
  },
})
