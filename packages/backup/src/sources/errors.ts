import { defineErrors } from '@exprsn/core'

/** What goes wrong while sources are read, and while files come back. */
export const sourcesErrors = defineErrors({
  BACKUP_FILES_OPTION_INVALID: {
    message: 'The option {option} of the files source is invalid: {reason}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
  BACKUP_FILES_PATH_MISSING: {
    message: 'There is nothing to back up at {path}.',
    help: 'Check the path. A backup without it would look complete and not be.',
    status: 404,
  },
  BACKUP_FILES_TARGET_INVALID: {
    message: 'Files cannot be restored into {into}: {reason}.',
    help: 'Pass the path of a folder that is empty or not there yet.',
    status: 400,
  },
  BACKUP_FILES_TARGET_NOT_EMPTY: {
    message: 'Files cannot be restored into {into}: something is there already.',
    help: 'Restore into a new folder and move what is needed: nothing of yours is overwritten.',
    status: 409,
  },
  BACKUP_FILES_NOT_IN_SNAPSHOT: {
    message: 'The snapshot holds nothing at {path}.',
    help: 'List it with `repository.entries`. Nothing was written.',
    status: 404,
  },
  BACKUP_FILES_NO_SPACE: {
    message: 'Restoring into {into} takes {needed} bytes, of which {free} are free.',
    help: 'Restore to another disk, or part of the snapshot with `include`. Nothing was written.',
    status: 507,
  },
  BACKUP_BUCKET_OPTION_INVALID: {
    message: 'The option {option} of the bucket source is invalid: {reason}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
  BACKUP_BUCKET_TARGET_NOT_EMPTY: {
    message: 'Objects cannot be restored there: the object {key} is there already.',
    help: 'Restore into a prefix that holds nothing and move what is needed: nothing of yours is overwritten.',
    status: 409,
  },
  BACKUP_BUCKET_NO_VERSIONS: {
    message: 'The snapshot holds no versions of the object {name}: what it was at another moment is not known.',
    help: 'Restore it without `at`. Snapshots hold versions when the source was made with `versions: true`.',
    status: 409,
  },
  BACKUP_BUCKET_VERSIONS_UNSUPPORTED: {
    message: 'All versions are to be restored into a store that keeps none.',
    help: 'Turn versioning on in the bucket, or restore the latest versions, or those of a moment with `at`.',
    status: 409,
  },
  BACKUP_SQLITE_OPTION_INVALID: {
    message: 'The option {option} of the SQLite source is invalid: {reason}.',
    help: 'Pass the path of a database file.',
    status: 400,
  },
  BACKUP_SQLITE_MISSING: {
    message: 'There is no database at {path}.',
    help: 'Check the path. A backup without it would look complete and not be.',
    status: 404,
  },
  BACKUP_SQLITE_UNREADABLE: {
    message: 'The database {path} cannot be copied: {reason}.',
    help: 'Check that it is a SQLite database that this user may read, that the temporary folder has room for it, and that its application recovered it after a crash.',
  },
})
