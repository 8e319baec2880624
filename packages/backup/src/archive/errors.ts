import { defineErrors } from '@exprsn/core'

/** What goes wrong when PostgreSQL archives its log through archive_command and fetches it through restore_command. */
export const archiveErrors = defineErrors({
  BACKUP_ARCHIVE_OPTION_INVALID: {
    message: 'The option {option} of the archive is wrong: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_ARCHIVE_NAME_INVALID: {
    message: '"{name}" is no file of a write-ahead log.',
    help: 'Pass what PostgreSQL puts in place of %f.',
    status: 400,
  },
  BACKUP_ARCHIVE_SEGMENT_INVALID: {
    message: 'What came as {name} is not that segment: {reason}.',
    help: 'Look at the disk of the server and at what stands between: PostgreSQL keeps the segment and tries again.',
    status: 422,
  },
  BACKUP_ARCHIVE_DIFFERS: {
    message: '{name} is in the archive already, with another content.',
    help: 'Two servers write into this archive, or a server was promoted without a new timeline: give each a prefix of its own.',
    status: 409,
  },
  BACKUP_ARCHIVE_OTHER_CLUSTER: {
    message: '{name} belongs to the cluster {found}, and this archive to the cluster {known}.',
    help: 'Give each cluster a prefix of its own.',
    status: 409,
  },
  BACKUP_ARCHIVE_NOT_FOUND: {
    message: '{name} is not in the archive.',
    help: 'During a recovery this is how PostgreSQL learns where the log ends.',
    status: 404,
  },
  BACKUP_ARCHIVE_DAMAGED: {
    message: '{name} in the archive is damaged: {reason}.',
    help: 'Take the object from a replica of the store. Recovery must not go on as if the log ended here.',
  },
  BACKUP_ARCHIVE_REFUSED: {
    message: 'The archive did not take or give {name}: {reason}.',
    help: 'Look at the log of the process with the archive server. PostgreSQL tries again.',
    retryable: true,
  },
  BACKUP_ARCHIVE_UNREACHABLE: {
    message: 'The archive at {address} cannot be reached: {reason}.',
    help: 'Start the process with the archive server, and check that PostgreSQL may open its socket.',
    retryable: true,
  },
})
