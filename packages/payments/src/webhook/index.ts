/**
 * Signatures of webhooks: verification over raw bodies, exactly and offline, and signing for tests.
 *
 * @packageDocumentation
 */
export {
  authorizeNetVerifier,
  signAuthorizeNetWebhook,
  type AuthorizeNetVerifierOptions,
} from './authorizenet/authorize-net-verifier.ts'
export { authorizeNetTransactionHash, type TransactionHashInput } from './authorizenet/transaction-hash.ts'
export { webhookErrors } from './errors.ts'
export { paypalVerifier, type PaypalDelivery, type PaypalVerifierOptions } from './paypal/paypal-verifier.ts'
export type { SignatureVerdict } from './signature-verdict.ts'
export {
  signStripeWebhook,
  stripeVerifier,
  type StripeDelivery,
  type StripeVerifierOptions,
} from './stripe/stripe-verifier.ts'
export { signPaypalWebhook, type SignPaypalOptions } from './paypal/sign-paypal-webhook.ts'
