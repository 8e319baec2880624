/**
 * Payments: commands that are done once, webhooks that may come in any order, and every cent in the ledger.
 *
 * @packageDocumentation
 */
export { createPayments } from './create-payments.ts'
export { createWebhookHandler, type WebhookHandlerOptions } from './create-webhook-handler.ts'
export type { PaymentsOptions } from './engine.ts'
export { paymentErrors } from './errors.ts'
export { paymentMigrations } from './migrations.ts'
export type { Payment, PaymentChange, Transfer } from './payment.ts'
export type {
  Capture,
  Charge,
  ChargeOutcome,
  CommandOutcome,
  OnPayment,
  PaymentRef,
  Payments,
  Payout,
  Received,
  Refund,
  SweepOptions,
  SweepReport,
  TransactionalOptions,
} from './payments.ts'
