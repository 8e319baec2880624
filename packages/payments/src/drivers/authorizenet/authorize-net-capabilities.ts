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
  disputes: false,
  acceptDispute: false,
  webhooks: true,
  eventHistory: true,
  settlements: true,
  idempotency: { kind: 'lookup' },
  currencies: 'any',
} as const)
