import type { Clock, Logger } from '@exprsn/core'
import { createClient, type AllowOptions, type Client } from '@exprsn/core/client'

/** How a service that the operator names is reached: one that lines are sent to, or that is asked for them. */
export interface ServiceOptions {
  /** Of the service, with its path prefix if it has one. */
  readonly url: string
  /** Where connections may go. @default private and loopback addresses are allowed, because the operator names the url */
  readonly allow?: AllowOptions | undefined
  /** Sent with every request, such as `authorization`. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Basic authentication. @default none */
  readonly username?: string | undefined
  /** @default '' */
  readonly password?: string | undefined
  /** Sent as `Authorization: Bearer`. @default none */
  readonly token?: string | undefined
  /** Options of `tls.connect`. @default {} */
  readonly tls?: Readonly<Record<string, unknown>> | undefined
  /** The host's own client, which is not closed: `allow`, `headers`, `tls` and credentials are then its own. */
  readonly client?: Client | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/** A client, and what it asks below. */
export interface ServiceClient {
  /** Ends with a slash. */
  readonly base: string
  readonly client: Client
  /** Closes the client unless it is the host's. */
  close(): Promise<void>
}

/** The client of a service; undefined when its url is none. Repetitions and a breaker are left to who knows what was taken. */
export function serviceClient(options: ServiceOptions): ServiceClient | undefined {
  const { url } = options
  if (!URL.canParse(url)) return undefined
  const client = options.client ?? ownClient(options)
  return {
    base: url.endsWith('/') ? url : `${url}/`,
    client,
    async close() {
      if (options.client === undefined) await client.close()
    },
  }
}

function ownClient({ allow, headers, username, password = '', token, tls, clock, logger }: ServiceOptions): Client {
  const basic =
    username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const authorization = token === undefined ? basic : `Bearer ${token}`
  return createClient({
    allow: allow ?? { privateAddresses: true, loopbackAddresses: true },
    headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
    retry: false,
    perOrigin: { breaker: false },
    tls,
    clock,
    logger,
  })
}
