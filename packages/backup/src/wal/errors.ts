import { defineErrors } from '@exprsn/core'

/** What goes wrong with received WAL. Positions are log sequence numbers in text form. */
export const walErrors = defineErrors({
  BACKUP_WAL_GAP: {
    message: 'WAL is missing from {from} to {to}: {reason}.',
    help: 'A gap cannot be closed: take a new base backup after it. Backups before it stay restorable up to {from}.',
  },
  BACKUP_WAL_CORRUPT: {
    message: 'The WAL is damaged at {at}: {reason}.',
    help: 'Fetch the file again from another copy; without it, recovery ends before this position.',
  },
  BACKUP_WAL_FOLDER_INVALID: {
    message: 'The WAL folder {folder} cannot be used: {reason}.',
    help: 'Move what does not belong there to another folder, or name a new folder.',
  },
  BACKUP_WAL_OTHER_SYSTEM: {
    message: 'The WAL in {folder} belongs to the cluster {found}, but the server is the cluster {server}.',
    help: 'Give every cluster a WAL folder of its own; after a restore with pg_resetwal or initdb it is another cluster.',
  },
  BACKUP_WAL_AHEAD: {
    message: 'The WAL folder reaches {ours}, the server only {server}: it was set back to an earlier state.',
    help: 'Receive into a new folder and take a new base backup: the two histories have parted.',
  },
  BACKUP_WAL_IN_USE: {
    message: 'Another receiver is writing into {folder}.',
    help: 'Stop the other receiver first, or give each its own folder and slot.',
    retryable: true,
  },
  BACKUP_WAL_OPTION_INVALID: {
    message: 'WAL cannot be received like this: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
  BACKUP_WAL_STOPPED: {
    message: 'The receiver was stopped at {durable}, before {wanted} was durable.',
    help: 'Start it again and wait again.',
  },
  BACKUP_WAL_FAILED: {
    message: 'WAL cannot be received or archived: {reason}.',
    help: 'The reason is what the host’s connector, disk or store threw instead of an error: let it throw errors.',
  },
  BACKUP_WAL_TIMEOUT: {
    message: 'WAL up to {wanted} was not durable within {timeout}; it reaches {durable}.',
    help: 'Look at the receiver state and the network; a quiet source can be moved on with emitMarker.',
    retryable: true,
  },
})
