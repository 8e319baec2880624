/**
 * Payment gateways, webhooks, a double-entry ledger and reconciliation.
 *
 * @packageDocumentation
 */
export { createLedger, type Ledger, type LedgerOptions } from './ledger/index.ts'
export { allocate, decimalText, formatMoney, money, multiply, type Money } from './money/index.ts'
export {
  createPayments,
  createWebhookHandler,
  paymentErrors,
  paymentMigrations,
  type Capture,
  type Charge,
  type ChargeOutcome,
  type CommandOutcome,
  type OnPayment,
  type Payment,
  type PaymentChange,
  type PaymentRef,
  type Payments,
  type PaymentsOptions,
  type Payout,
  type Received,
  type Refund,
  type SweepOptions,
  type SweepReport,
  type TransactionalOptions,
  type Transfer,
  type WebhookHandlerOptions,
} from './payments/index.ts'
