import type { GatewayCapabilities } from '../../gateway/capabilities.ts'

const day = 86_400_000

/** What Stripe can do for card payments. */
export const stripeCapabilities: GatewayCapabilities = Object.freeze({
  authorise: true,
  authorisationLifetime: 7 * day,
  partialCapture: true,
  multipleCapture: true,
  partialRefund: true,
  refundNeedsSettlement: false,
  voidAfterCapture: false,
  redirect: true,
  savedMethods: true,
  offSession: true,
  payouts: ['bank'],
  disputes: true,
  acceptDispute: true,
  submitEvidence: true,
  webhooks: true,
  eventHistory: true,
  settlements: true,
  idempotency: { kind: 'key', window: day },
  currencies: 'any',
} as const)
