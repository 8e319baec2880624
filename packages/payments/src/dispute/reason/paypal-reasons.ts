import type { ReasonTable } from './reason-family.ts'

/** The ten of paypal/paypal-rest-api-specifications, customer_disputes_v1, `dispute_reason`. */
export const paypalReasons: ReasonTable = {
  MERCHANDISE_OR_SERVICE_NOT_RECEIVED: 'not_received',
  MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED: 'not_as_described',
  UNAUTHORISED: 'fraud',
  CREDIT_NOT_PROCESSED: 'credit_not_processed',
  DUPLICATE_TRANSACTION: 'duplicate',
  INCORRECT_AMOUNT: 'processing_error',
  PAYMENT_BY_OTHER_MEANS: 'duplicate',
  CANCELED_RECURRING_BILLING: 'cancelled',
  PROBLEM_WITH_REMITTANCE: 'processing_error',
  OTHER: 'other',
}
