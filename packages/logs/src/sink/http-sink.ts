import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'
import type { Clock, Duration, Logger } from '@exprsn/core'
import { createClient, type AllowOptions, type Client, type ClientResponse } from '@exprsn/core/client'
import { sinkErrors } from './errors.ts'
import { sinkErrorOf } from './sink-error.ts'
import type { LogBatch, SinkContext } from './sink.ts'

/** How bodies are packed. */
export type SinkCompression = 'gzip' | 'zstd' | 'none'

/** What all sinks that speak HTTP take. */
export interface HttpSinkOptions {
  /** Of the service, with its path prefix if it has one. */
  readonly url: string
  /** Where the sink may connect to. @default private and loopback addresses are allowed, because the operator names the url */
  readonly allow?: AllowOptions | undefined
  /** Sent with every request, such as `authorization`. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Basic authentication. @default none */
  readonly username?: string | undefined
  /** @default '' */
  readonly password?: string | undefined
  /** Sent as `Authorization: Bearer`. @default none */
  readonly token?: string | undefined
  /** How bodies are packed. @default 'gzip' */
  readonly compression?: SinkCompression | undefined
  /** For one request. @default '30s' */
  readonly timeout?: Duration | undefined
  /** Options of `tls.connect`. @default {} */
  readonly tls?: Readonly<Record<string, unknown>> | undefined
  /** The host's own client, which the sink does not close: `allow`, `headers`, `tls` and credentials are then its own. */
  readonly client?: Client | undefined
  /** Of the sink, when there are several of its kind. @default the kind */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/** One request of a sink. */
export interface SinkRequest {
  readonly path: string
  readonly method?: string | undefined
  readonly contentType: string
  readonly body: Uint8Array
  /** Whether the body is packed already, or must not be. @default false */
  readonly packed?: boolean | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** The connection of a sink that speaks HTTP. */
export interface HttpConnection {
  readonly name: string
  /** Sends a request for a batch; what fails says what it means for the batch. */
  post(request: SinkRequest, batch: LogBatch, context: SinkContext): Promise<ClientResponse>
  close(): Promise<void>
}

const pack = { gzip: promisify(gzip), zstd: promisify(zstdCompress) }
/** Smaller bodies gain nothing. */
const worthPacking = 1_024

/** @throws `LOGS_SINK_OPTION_INVALID` */
export function httpConnection(kind: string, options: HttpSinkOptions): HttpConnection {
  const { name = kind, url, compression = 'gzip', timeout = '30s' } = options
  if (!URL.canParse(url)) throw sinkErrors.LOGS_SINK_OPTION_INVALID({ sink: name, option: 'url', value: url })
  const base = url.endsWith('/') ? url : `${url}/`
  const client = options.client ?? ownClient(options)

  return {
    name,
    async post({ path, method = 'POST', contentType, body, packed = false, headers }, batch, { signal }) {
      const packs = compression !== 'none' && !packed && body.length >= worthPacking
      try {
        return await client.request(base + path, {
          method,
          body: packs ? await pack[compression](body) : body,
          headers: { 'content-type': contentType, ...(packs ? { 'content-encoding': compression } : {}), ...headers },
          timeout,
          signal,
        })
      } catch (thrown) {
        if (signal.aborted) throw signal.reason
        throw sinkErrorOf(name, batch, thrown)
      }
    },
    async close() {
      if (options.client === undefined) await client.close()
    },
  }
}

/** Repetitions are the shipper's: it knows what was taken, and its breaker is the sink's own. */
function ownClient({ allow, headers, username, password = '', token, tls, clock, logger }: HttpSinkOptions): Client {
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
