import { defineErrors } from '@exprsn/core'

/** What goes wrong while a base backup is taken. */
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
  BACKUP_BASE_FOLDER_WRONG: {
    message: '{folder} is not the data folder that the server at {server} works in: {reason}.',
    help: 'Name the folder that `show data_directory` names there, as this process sees it; a copy of it, or the folder of another server, makes no backup. Without `dataFolder` the server sends its files itself.',
    status: 409,
  },
  BACKUP_BASE_FOLDER_UNREADABLE: {
    message: 'The data folder of the server cannot be read at {path}: {reason}.',
    help: "Run this process as the server's user, or as one that may read the folder (initdb --allow-group-access), and mount tablespaces at the same path; or leave out `dataFolder`, so that the server sends its files itself.",
    status: 403,
  },
  BACKUP_BASE_NOT_ALLOWED: {
    message: 'The server at {server} does not let this role begin and end a backup: {reason}.',
    help: 'Run as a superuser: GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean) TO <user>.',
    status: 403,
  },
  BACKUP_BASE_PAGES_DAMAGED: {
    message:
      '{count} pages of the database have a wrong checksum, such as page {page} of {path}: no backup was made of them.',
    help: 'Look at disk and memory of the server. Restore the table from an earlier backup, or set zero_damaged_pages to read what is left of it.',
  },
})
