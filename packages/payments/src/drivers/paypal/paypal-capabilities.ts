import type { GatewayCapabilities } from '../../gateway/capabilities.ts'
import { paypalCurrencies } from './paypal-amount.ts'

const hour = 3_600_000

/** What PayPal can do. */
export const paypalCapabilities: GatewayCapabilities = Object.freeze({
  authorise: true,
  authorisationLifetime: 29 * 24 * hour,
  partialCapture: true,
  multipleCapture: true,
  partialRefund: true,
  refundNeedsSettlement: false,
  voidAfterCapture: false,
  redirect: true,
  savedMethods: true,
  offSession: true,
  payouts: ['email'],
  disputes: true,
  acceptDispute: true,
  submitEvidence: true,
  webhooks: true,
  eventHistory: true,
  settlements: true,
  // Keys of orders; those of captures and refunds live for 45 days.
  idempotency: { kind: 'key', window: 6 * hour },
  currencies: paypalCurrencies,
} as const)
