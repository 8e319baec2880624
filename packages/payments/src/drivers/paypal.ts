/**
 * Payments through PayPal. Needs the package `@paypal/paypal-server-sdk`.
 *
 * @packageDocumentation
 */
export type { PaypalClientLike } from './paypal/paypal-client.ts'
export { paypalCapabilities } from './paypal/paypal-capabilities.ts'
export { paypalGateway } from './paypal/paypal-gateway.ts'
export type { PaypalGatewayOptions } from './paypal/paypal-options.ts'
