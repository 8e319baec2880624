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
  type Charge,
  type ChargeOutcome,
  type CommandOutcome,
  type Payment,
  type PaymentChange,
  type Payments,
  type PaymentsOptions,
  type Received,
  type SweepReport,
  type Transfer,
  type WebhookHandlerOptions,
} from './payments/index.ts'
