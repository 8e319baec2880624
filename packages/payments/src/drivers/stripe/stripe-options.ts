import type { Clock } from '@exprsn/core'
import type { StripeClientLike } from './stripe-client.ts'

/** Options of `stripeGateway`. */
export interface StripeGatewayOptions {
  /** A client of the `stripe` package, or what looks like one. It stays the host's. @default one made from `apiKey` */
  readonly client?: StripeClientLike | undefined
  /** The secret key, `sk_…` or `rk_…`, where no client is passed. */
  readonly apiKey?: string | undefined
  /** Further options for the constructor of the `stripe` package, where no client is passed. @default {} */
  readonly clientConfig?: Readonly<Record<string, unknown>> | undefined
  /** The secrets of the webhook endpoint, `whsec_…`: two while one is being replaced. @default none: webhooks are not taken */
  readonly webhookSecrets?: readonly string[] | undefined
  /** How far a webhook's time may lie from ours, to either side, in milliseconds. @default 300,000 */
  readonly webhookTolerance?: number | undefined
  /** The name in records. @default 'stripe' */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}
