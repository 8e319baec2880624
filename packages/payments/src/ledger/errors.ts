import { defineErrors } from '@exprsn/core'

/** What goes wrong with the ledger. What the books refuse (no such account, a limit) is an outcome, not an error. */
export const ledgerErrors = defineErrors({
  PAYMENTS_LEDGER_ENTRY_INVALID: {
    message: 'The entry {entry} is not one: {reason}.',
    help: 'Correct the named part; nothing was posted.',
    status: 400,
  },
  PAYMENTS_LEDGER_ACCOUNT_INVALID: {
    message: 'The account {account} cannot be opened: {reason}.',
    help: 'Correct the named part, or take another code: an account never changes once it is open.',
    status: 400,
  },
  PAYMENTS_LEDGER_ACCOUNT_UNKNOWN: {
    message: 'There is no account {account}.',
    help: 'Open it first with openAccounts.',
    status: 404,
  },
  PAYMENTS_LEDGER_NOT_MIGRATED: {
    message: 'The tables of the ledger are empty or missing.',
    help: 'Run migrate(database, [ledger.migrations]) with the same prefix and schema.',
  },
})
