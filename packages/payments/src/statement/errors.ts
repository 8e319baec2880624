import { defineErrors } from '@exprsn/core'

/** What is wrong with a bank's statement. What is wrong with XML itself has the codes of `@exprsn/core/bytes`. */
export const statementErrors = defineErrors({
  PAYMENTS_STATEMENT_INVALID: {
    message: 'The {format} statement cannot be read at {place}: {reason}.',
    help: 'Ask the bank for the file again, or check the format and its options; nothing of it should be booked.',
    status: 400,
  },
  PAYMENTS_STATEMENT_BALANCE_BROKEN: {
    message:
      'Statement {statement} of account {account} does not add up: {difference} {currency} lie between its entries and its closing balance.',
    help: 'Entries are missing, doubled or changed. Ask the bank for the statement again; nothing of it should be booked.',
    status: 422,
  },
  PAYMENTS_STATEMENT_FORMAT_UNKNOWN: {
    message: 'The file is none of the known formats of bank statements.',
    help: 'Pass the format; a CSV file needs a profile that names its columns.',
    status: 400,
  },
})
