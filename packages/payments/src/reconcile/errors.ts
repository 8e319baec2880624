import { defineErrors } from '@exprsn/core'

/** What goes wrong with a reconciliation as a whole. What does not fit together is an exception in its report. */
export const reconcileErrors = defineErrors({
  PAYMENTS_RECONCILE_CONFLICT: {
    message: 'The input has {id} twice, with different content.',
    help: 'One of the two is outdated. Pass the one that is true.',
    status: 409,
  },
  PAYMENTS_RECONCILE_FILE_INVALID: {
    message: 'The file {path} cannot be reconciled at byte {place}: {reason}.',
    help: 'Check the columns, the separator and the encoding that you pass, or correct the file.',
    status: 400,
  },
  PAYMENTS_RECONCILE_INPUT_INVALID: {
    message: 'The record {id} cannot be reconciled: its {field} {reason}.',
    help: 'Correct the named field.',
    status: 400,
  },
  PAYMENTS_RECONCILE_RULE_INVALID: {
    message: 'The rule {rule} {reason}.',
    help: 'See the documentation of the rule for what it takes.',
    status: 400,
  },
  PAYMENTS_RECONCILE_UNKNOWN: {
    message: 'The reconciliation knows nothing of {id}.',
    help: 'Identifiers look like ours:A-1001, stripe:txn_1 and bank:<account>:<day>:<digest>.',
    status: 404,
  },
  PAYMENTS_RECONCILE_REFUSED: {
    message: 'This cannot be done with {id}: {reason}.',
    help: 'Read the present state first; somebody may have been faster.',
    status: 409,
  },
})
