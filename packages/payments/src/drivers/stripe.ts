/**
 * Payments through Stripe. Needs the package `stripe`.
 *
 * @packageDocumentation
 */
export type { StripeCallOptions, StripeClientLike } from './stripe/stripe-client.ts'
export { stripeCapabilities, stripeGateway, type StripeGatewayOptions } from './stripe/stripe-gateway.ts'
