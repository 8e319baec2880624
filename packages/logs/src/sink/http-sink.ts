import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'
import type { Duration } from '@exprsn/core'
import type { ClientResponse } from '@exprsn/core/client'
import { sinkErrors } from './errors.ts'
import { serviceClient, type ServiceOptions } from './service-client.ts'
import { sinkErrorOf } from './sink-error.ts'
import type { LogBatch, SinkContext } from './sink.ts'

/** How bodies are packed. */
export type SinkCompression = 'gzip' | 'zstd' | 'none'

/** What all sinks that speak HTTP take. */
export interface HttpSinkOptions extends ServiceOptions {
  /** How bodies are packed. @default 'gzip' */
  readonly compression?: SinkCompression | undefined
  /** For one request. @default '30s' */
  readonly timeout?: Duration | undefined
  /** Of the sink, when there are several of its kind. @default the kind */
  readonly name?: string | undefined
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
  const service = serviceClient(options)
  if (service === undefined) throw sinkErrors.LOGS_SINK_OPTION_INVALID({ sink: name, option: 'url', value: url })
  const { base, client, close } = service

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
    close,
  }
}
