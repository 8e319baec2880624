import { defineErrors } from '@exprsn/core'

/** What goes wrong when a repository is checked or repaired. */
export const verifyErrors = defineErrors({
  BACKUP_VERIFY_OPTION_INVALID: {
    message: 'The repository cannot be checked like this: {reason}.',
    help: 'Correct the named option.',
    status: 400,
  },
})
