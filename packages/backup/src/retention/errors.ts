import { defineErrors } from '@exprsn/core'

/** What goes wrong with retention. */
export const retentionErrors = defineErrors({
  BACKUP_RETENTION_INVALID: {
    message: 'The retention policy cannot be used: {reason}.',
    help: 'Correct the named rule. Without a rule, nothing is removed.',
    status: 400,
  },
})
