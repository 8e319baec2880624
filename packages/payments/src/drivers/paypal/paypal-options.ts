import type { Clock } from '@exprsn/core'
import type { PaypalClientLike } from './paypal-client.ts'

/** Options of `paypalGateway`. */
export interface PaypalGatewayOptions {
  /** The `Client` of `@paypal/paypal-server-sdk`. It stays the host's. @default one made from `clientId` and `clientSecret` */
  readonly client?: PaypalClientLike | undefined
  /** Of the app in PayPal's dashboard, where no client is passed. */
  readonly clientId?: string | undefined
  /** The secret of the app. */
  readonly clientSecret?: string | undefined
  /** Must be that of the client. @default 'live' */
  readonly environment?: 'live' | 'sandbox' | undefined
  /** Where the APIs are that the SDK lacks. @default PayPal's address of the environment */
  readonly baseUrl?: string | undefined
  /** The identifiers of the webhook: two while one is being replaced. @default none: webhooks are not taken */
  readonly webhookIds?: readonly string[] | undefined
  /** Certificates that are at hand, by address: nothing has to be fetched then. @default {} */
  readonly webhookCertificates?: Readonly<Record<string, string>> | undefined
  /** PEM texts of the authorities that certificates have to lead to. @default those of Node */
  readonly webhookRoots?: readonly string[] | undefined
  /** The name in records. @default 'paypal' */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}
