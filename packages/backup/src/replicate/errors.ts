import { defineErrors } from '@exprsn/core'

/** What goes wrong with replicas. */
export const replicateErrors = defineErrors({
  BACKUP_REPLICA_OTHER: {
    message: 'The store holds another repository ({found}), not a replica of {expected}.',
    help: 'Give the replica a folder, bucket or prefix of its own.',
    status: 409,
  },
})
