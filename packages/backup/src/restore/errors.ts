import { defineErrors } from '@exprsn/core'

/** What goes wrong while a recovery is prepared or awaited. */
export const restoreErrors = defineErrors({
  BACKUP_RESTORE_TARGET_INVALID: {
    message: 'This is not a point to restore to: {reason}.',
    help: "Pass 'latest', 'immediate', { time } as a Date or ISO text with a zone, { lsn }, { xid } or { name }.",
    status: 400,
  },
  BACKUP_RESTORE_TOO_EARLY: {
    message: '{target} lies before the end of the base backup; reachable with it is {window}.',
    help: 'Choose a later point, or restore from an older base backup.',
    status: 409,
  },
  BACKUP_RESTORE_TOO_LATE: {
    message: '{target} lies after the end of the WAL; reachable is {window}.',
    help: "Choose an earlier point or 'latest'; on a quiet source emitMarker writes a commit that proves the time has passed.",
    status: 409,
  },
  BACKUP_RESTORE_NOT_FOUND: {
    message: '{target} does not occur in the WAL after the base backup; reachable is {window}.',
    help: 'Check the name or number, and that the WAL of that time has been received.',
    status: 404,
  },
  BACKUP_RESTORE_TIMELINE: {
    message: 'Timeline {wanted} cannot be reached from the base backup on timeline {base}; known are {known}.',
    help: "Pass one of those that grew out of the backup's own timeline after it, 'latest' or 'current'.",
    status: 409,
  },
  BACKUP_RESTORE_FOLDER_NOT_EMPTY: {
    message: '{path} is not empty, so nothing is restored there.',
    help: 'Name a folder that does not exist yet; what already stands there is never overwritten.',
    status: 409,
  },
  BACKUP_RESTORE_NO_SPACE: {
    message: 'The restore needs {needed} bytes in {path}, but {free} are free.',
    help: 'Free some room there, or name a folder on another file system.',
  },
  BACKUP_RESTORE_OTHER_SYSTEM: {
    message: 'The WAL in {wal} belongs to another cluster than the base backup in {base}.',
    help: 'Pass the folder that the receiver of this cluster wrote into.',
  },
  BACKUP_RESTORE_DAMAGED: {
    message: 'The base backup in {base} cannot be restored: {reason}.',
    help: 'Run verifyBackup to see all that differs from its manifest, and restore from another backup.',
  },
  BACKUP_RESTORE_TIMEOUT: {
    message: 'The server was still recovering after {timeout}.',
    help: 'Allow more time: recovery replays all WAL since the base backup. The server log shows how far it is.',
    retryable: true,
  },
})
