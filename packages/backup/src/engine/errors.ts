import { defineErrors } from '@exprsn/core'

/** What goes wrong when backups are run. */
export const backupErrors = defineErrors({
  BACKUP_OPTION_INVALID: {
    message: 'The backup cannot be set up like this: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_SOURCE_NOT_CONTINUOUS: {
    message: 'The source {source} keeps no log, so there is nothing between its snapshots.',
    help: 'Use restore, or call this for a PostgreSQL source.',
    status: 400,
  },
  BACKUP_SOURCE_UNKNOWN: {
    message: 'There is no source {source}.',
    help: 'Use one of the names in sources: {known}.',
    status: 404,
  },
})
