import { gatewayErrors } from '../../gateway/errors.ts'
import type { StripeClientLike } from './stripe-client.ts'

/** A client of the stripe package, loaded with the first use. */
export async function loadStripe(
  apiKey: string,
  config: Readonly<Record<string, unknown>>,
  importStripe?: () => Promise<typeof import('stripe')>,
): Promise<StripeClientLike> {
  let stripe: typeof import('stripe')
  try {
    stripe = importStripe === undefined ? await import('stripe') : await importStripe()
  } catch (cause) {
    throw gatewayErrors.PAYMENTS_GATEWAY_PEER_MISSING({ gateway: 'stripe', package: 'stripe' }, { cause })
  }
  const { default: Stripe } = stripe
  return new Stripe(apiKey, { appInfo: { name: '@exprsn/payments' }, maxNetworkRetries: 1, ...config })
}
