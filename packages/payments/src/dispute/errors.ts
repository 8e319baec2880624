import { defineErrors } from '@exprsn/core'

/** What goes wrong with disputes on our side. What a gateway refuses is a value. */
export const disputeErrors = defineErrors({
  PAYMENTS_DISPUTE_UNKNOWN: {
    message: 'There is no dispute {dispute}.',
    help: 'Identifiers look like stripe:du_1. One that was just opened is known after the next sweep.',
    status: 404,
  },
  PAYMENTS_DISPUTE_OPTION_INVALID: {
    message: 'The option {option} of disputes {reason}.',
    help: 'See the documentation of the option for what it takes.',
    status: 400,
  },
  PAYMENTS_DISPUTE_EVIDENCE_INVALID: {
    message: 'The evidence is refused: {field} {reason}.',
    help: 'Correct the named field; nothing was kept or sent.',
    status: 400,
  },
  PAYMENTS_DISPUTE_PURCHASE_INVALID: {
    message: 'The purchase is refused: {field} {reason}.',
    help: 'Correct the named field; nothing was kept.',
    status: 400,
  },
  PAYMENTS_DISPUTE_FILE_INVALID: {
    message: 'The file of disputes cannot be read at {place}: {reason}.',
    help: 'Correct the profile or the file; nothing of it was taken in.',
    status: 400,
  },
})
