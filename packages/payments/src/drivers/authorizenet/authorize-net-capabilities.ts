import type { GatewayCapabilities } from '../../gateway/capabilities.ts'

const day = 86_400_000

/** What Authorize.Net can do. */
export const authorizeNetCapabilities: GatewayCapabilities = Object.freeze({
  authorise: true,
  authorisationLifetime: 30 * day,
  partialCapture: true,
  multipleCapture: false,
  partialRefund: true,
  refundNeedsSettlement: true,
  voidAfterCapture: true,
  redirect: false,
  savedMethods: true,
  offSession: true,
  payouts: [],
  // Its API only counts chargebacks in the statistics of batches: they come from the processor's files.
  disputes: false,
  acceptDispute: false,
  submitEvidence: false,
  webhooks: true,
  eventHistory: true,
  settlements: true,
  idempotency: { kind: 'lookup' },
  currencies: 'any',
} as const)
