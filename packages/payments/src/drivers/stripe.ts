/**
 * Payments through Stripe. Needs the package `stripe`.
 *
 * @packageDocumentation
 */
export type { StripeCallOptions, StripeClientLike } from './stripe/stripe-client.ts'
export { stripeCapabilities } from './stripe/stripe-capabilities.ts'
export { stripeGateway } from './stripe/stripe-gateway.ts'
export type { StripeGatewayOptions } from './stripe/stripe-options.ts'
