/**
 * Payments through Stripe. Needs the package `stripe`.
 *
 * @packageDocumentation
 */
export type {
  StripeAct,
  StripeCallOptions,
  StripeClientLike,
  StripeCreate,
  StripeList,
} from './stripe/stripe-client.ts'
export { stripeCapabilities } from './stripe/stripe-capabilities.ts'
export { stripeGateway } from './stripe/stripe-gateway.ts'
export type { StripeGatewayOptions } from './stripe/stripe-options.ts'
export type {
  Expandable,
  StripeBalanceTransaction,
  StripeCharge,
  StripeDispute,
  StripeEventLike,
  StripeIntent,
  StripeMethod,
  StripePaymentError,
  StripePayout,
  StripeRefund,
} from './stripe/stripe-types.ts'
