import { defineErrors } from '@exprsn/core'

/** What goes wrong with the log of snapshots. */
export const evidenceErrors = defineErrors({
  BACKUP_LOG_DAMAGED: {
    message: 'The entry {key} of the log of snapshots is not what was signed.',
    help: 'Run verifySnapshotLog, find out who changed it, and bring the entry back from a replica.',
  },
})
