import { defineErrors } from '@exprsn/core'

/** What goes wrong while a base backup is received. */
export const baseBackupErrors = defineErrors({
  BACKUP_BASE_OPTION_INVALID: {
    message: 'A base backup cannot be taken like this: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_BASE_TARGET_NOT_EMPTY: {
    message: '{path} is not empty, so no base backup is written there.',
    help: 'Name a folder that does not exist yet; what already stands there is never overwritten.',
    status: 409,
  },
  BACKUP_BASE_INCOMPLETE: {
    message: 'The server ended the base backup early: {reason}.',
    help: 'Look into the server log for the reason, then take the backup again.',
    retryable: true,
  },
})
