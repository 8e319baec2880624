import { milliseconds, type Clock, type Duration, type Logger } from '@exprsn/core'
import { createClient, type AllowOptions, type Client, type Resolve } from '@exprsn/core/client'
import { decodeFrame } from '../repo/index.ts'
import { syncErrors } from './errors.ts'
import { fetchRepoFrom, listReposOf } from './host-client.ts'
import { readMessage } from './read-message.ts'
import { readStream } from './read-stream.ts'
import type { SourceItem, SyncSource } from './sync-source.ts'

/** Options of {@link firehoseSource}. */
export interface FirehoseSourceOptions {
  /** Base URL of a PDS or a relay, such as `https://bsky.network`. */
  readonly service: string
  /** Under which the cursor is kept. @default the host of `service` */
  readonly name?: string | undefined
  /** Where connections may go. @default public addresses alone */
  readonly allow?: AllowOptions | undefined
  /** Gives the addresses of a name. @default the operating system's resolver */
  readonly resolve?: Resolve | undefined
  /** Sends the requests; it is never closed. @default one of its own */
  readonly client?: Client | undefined
  /** Most bytes of a repository. @default 256 MiB */
  readonly maxRepoBytes?: number | undefined
  /** Time for fetching a repository. @default '5m' */
  readonly fetchTimeout?: Duration | undefined
  /** A stream counts as lost after this time without a message. @default '5m' */
  readonly idleTimeout?: Duration | undefined
  /** Bytes of messages that wait in memory before the host has to wait. @default 8 MiB */
  readonly highWaterMark?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/**
 * The event stream of a PDS or a relay (`com.atproto.sync.subscribeRepos`), with its repositories (`getRepo`, `listRepos`).
 *
 * @example
 * ```ts
 * import { firehoseSource } from '@exprsn/atproto/sync'
 *
 * const source = firehoseSource({ service: 'https://bsky.network' })
 * console.log(source.name) // bsky.network
 * await source.close()
 * ```
 */
export function firehoseSource(
  options: FirehoseSourceOptions,
): SyncSource & AsyncDisposable & { close(): Promise<void> } {
  const service = new URL(options.service)
  const { clock, allow, resolve, logger, maxRepoBytes = 256 * 1024 * 1024 } = options
  const idleTimeout = milliseconds(options.idleTimeout ?? '5m')
  const client = options.client ?? createClient({ allow, resolve, clock, logger, maxResponseBytes: maxRepoBytes })
  const url = new URL('/xrpc/com.atproto.sync.subscribeRepos', service)
  url.protocol = service.protocol === 'https:' ? 'wss:' : 'ws:'
  const close = async (): Promise<void> => {
    if (options.client === undefined) await client.close()
  }

  return {
    name: options.name ?? service.host,
    open({ cursor, signal }) {
      const address = new URL(url)
      if (cursor !== undefined) address.searchParams.set('cursor', String(cursor))
      const { highWaterMark } = options
      const connection = { allow, resolve, clock, signal, idleTimeout, highWaterMark }
      return readStream(String(address), connection, (frame) => itemsOf(frame, options.service))
    },
    listsAll: true,
    listRepos: ({ signal }) => listReposOf(client, service, signal),
    fetchRepo: (did, { signal }) =>
      fetchRepoFrom(client, service, did, { signal, maxBytes: maxRepoBytes, timeout: options.fetchTimeout ?? '5m' }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** None for messages that say nothing about repositories. */
function itemsOf(frame: Uint8Array | string, service: string): readonly SourceItem[] {
  try {
    if (typeof frame === 'string') throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: 'it is text' })
    const decoded = decodeFrame(frame)
    if (decoded.type === 'error') return [afterError((decoded as { readonly error: string }).error, service)]
    if (!('body' in decoded)) return []
    if (decoded.type === '#info') return decoded.body.name === 'OutdatedCursor' ? [{ kind: 'outdated' }] : []
    const message = readMessage(decoded)
    return message === undefined ? [] : [{ kind: 'message', message, size: frame.length }]
  } catch (error) {
    if (isRefusal(error)) throw error
    return [{ kind: 'damaged', error }]
  }
}

function afterError(error: string, service: string): SourceItem {
  if (error === 'FutureCursor') return { kind: 'reset' }
  throw syncErrors.ATPROTO_SYNC_STREAM_REFUSED({ service, error })
}

function isRefusal(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'ATPROTO_SYNC_STREAM_REFUSED'
}
