import type { ReasonTable } from './reason-family.ts'

/** docs.stripe.com/api/disputes/object, `reason`. */
export const stripeReasons: ReasonTable = {
  bank_cannot_process: 'processing_error',
  check_returned: 'processing_error',
  credit_not_processed: 'credit_not_processed',
  customer_initiated: 'other',
  debit_not_authorized: 'fraud',
  duplicate: 'duplicate',
  fraudulent: 'fraud',
  general: 'other',
  incorrect_account_details: 'processing_error',
  insufficient_funds: 'processing_error',
  noncompliant: 'processing_error',
  product_not_received: 'not_received',
  product_unacceptable: 'not_as_described',
  subscription_canceled: 'cancelled',
  unrecognized: 'fraud',
}
