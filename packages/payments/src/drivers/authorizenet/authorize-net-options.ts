import type { Clock } from '@exprsn/core'

/** Options of `authorizeNetGateway`. */
export interface AuthorizeNetGatewayOptions {
  /** Names the merchant account. */
  readonly apiLoginId: string
  /** Its secret. */
  readonly transactionKey: string
  /** The account's only currency, ISO 4217, with two decimals. @default 'USD' */
  readonly currency?: string | undefined
  /** @default 'live' */
  readonly environment?: 'live' | 'sandbox' | undefined
  /** @default Authorize.Net's address of the environment */
  readonly baseUrl?: string | undefined
  /** Signature keys of webhooks, as they are shown: two while one is being replaced. @default none: webhooks are not taken */
  readonly signatureKeys?: readonly string[] | undefined
  /** How long an answer is waited for, in milliseconds. @default 60,000 */
  readonly timeout?: number | undefined
  /** The name in records. @default 'authorizenet' */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}
