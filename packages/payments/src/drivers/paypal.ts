/**
 * Payments through PayPal. Needs the package `@paypal/paypal-server-sdk`.
 *
 * @packageDocumentation
 */
export type { PaypalClientLike } from './paypal/paypal-client.ts'
export { paypalCapabilities, paypalGateway, type PaypalGatewayOptions } from './paypal/paypal-gateway.ts'
