import { defineErrors } from '@exprsn/core'

/** What goes wrong while an archive is read. `{offset}` counts the archive's bytes from 0. */
export const tarErrors = defineErrors({
  BACKUP_TAR_INVALID: {
    message: 'The tar archive is damaged at byte {offset}: {reason}.',
    help: 'Take the backup again; if it happens again, something between us and the server changes the bytes.',
  },
  BACKUP_TAR_UNSUPPORTED: {
    message: 'The tar archive holds "{path}" of type {type}, which is not a file, folder or symbolic link.',
    help: 'Remove it from the data folder: PostgreSQL makes no such things.',
  },
  BACKUP_TAR_UNSAFE_PATH: {
    message: 'The tar archive holds the path "{path}", which would leave the folder it is unpacked into.',
    help: 'Do not trust this archive: no PostgreSQL server writes such a path.',
  },
  BACKUP_TAR_TRUNCATED: {
    message: 'The tar archive ends at byte {offset}, in the middle of {what}.',
    help: 'The stream was cut: take the backup again.',
    retryable: true,
  },
})
