import type { Clock, Duration, Logger } from '@exprsn/core'
import type { AllowOptions, Client } from '@exprsn/core/client'

/** What all searches in other engines take. */
export interface SearchConnectionOptions {
  /** Of the engine, with its path prefix if it has one. */
  readonly url: string
  /** Where the search may connect to. @default private and loopback addresses are allowed, because the operator names the url */
  readonly allow?: AllowOptions | undefined
  /** Sent with every request, such as `authorization`. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Basic authentication. @default none */
  readonly username?: string | undefined
  /** @default '' */
  readonly password?: string | undefined
  /** Sent as `Authorization: Bearer`. @default none */
  readonly token?: string | undefined
  /** For one query. @default '30s' */
  readonly timeout?: Duration | undefined
  /** Groups that a query may have. @default 100 000 */
  readonly maxGroups?: number | undefined
  /** Lines that a query may sort by their fields: they are fetched for that. @default 4 999 */
  readonly maxSortedLines?: number | undefined
  /** Options of `tls.connect`. @default {} */
  readonly tls?: Readonly<Record<string, unknown>> | undefined
  /** The host's own client, which is not closed: `allow`, `headers`, `tls` and credentials are then its own. */
  readonly client?: Client | undefined
  /** Tells what `_time:5m` means. @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}
