import { milliseconds } from '@exprsn/core'
import { streamAddress, type JsonSourceOptions } from './json-source.ts'
import {
  didField,
  invalidMessage,
  numberField,
  objectField,
  readChange,
  readJson,
  type JsonFields,
} from './read-json.ts'
import { readStream } from './read-stream.ts'
import type { SourceItem, SourceMessage, SyncSource } from './sync-source.ts'

/** Options of {@link jetstreamSource}. */
export interface JetstreamSourceOptions extends JsonSourceOptions {
  /** Only records of these collections are sent; `app.bsky.feed.*` stands for all below it. @default every collection */
  readonly collections?: readonly string[] | undefined
  /** Only these accounts are sent. @default every account */
  readonly dids?: readonly string[] | undefined
}

/** Microseconds that are asked for again when a stream is opened anew: numbers are times, and several may have the same. */
const rewind = 5_000_000
/** Cursors above this are times: the year 2001 in microseconds. */
const firstTime = 1_000_000_000_000_000

/**
 * A Jetstream (`/subscribe`), experimental: small, and without signatures or proofs. Its events are marked as not verified;
 * the service is believed. Each record is held against the CID that is said of it. What the service no longer keeps is
 * missed without a word, and there are no repositories to compare with: a handler that fails holds its repository back.
 *
 * @example
 * ```ts
 * import { jetstreamSource } from '@exprsn/atproto/sync'
 *
 * const collections = ['app.bsky.feed.post']
 * const source = jetstreamSource({ service: 'https://jetstream2.us-east.bsky.network', collections })
 * console.log(source.name) // jetstream2.us-east.bsky.network
 * ```
 */
export function jetstreamSource(options: JetstreamSourceOptions): SyncSource {
  const { service, allow, resolve, clock, highWaterMark, collections = [], dids = [] } = options
  const url = streamAddress(service, '/subscribe')
  for (const collection of collections) url.searchParams.append('wantedCollections', collection)
  for (const did of dids) url.searchParams.append('wantedDids', did)
  const idleTimeout = milliseconds(options.idleTimeout ?? '5m')
  return {
    name: options.name ?? url.host,
    open({ cursor, signal }) {
      const address = new URL(url)
      if (cursor !== undefined)
        address.searchParams.set('cursor', String(cursor < firstTime ? cursor : cursor - rewind))
      const numbers = new EventNumbers()
      const connection = { allow, resolve, clock, signal, idleTimeout, highWaterMark }
      return readStream(String(address), connection, (message) => itemsOf(message, numbers))
    },
  }
}

/** Different numbers for events whose times are the same, which come out alike when they are sent again. */
class EventNumbers {
  #time = 0
  #last = 0

  next(time: number): number {
    this.#last = time < this.#time ? time : Math.max(time, this.#last + 1)
    this.#time = time
    return this.#last
  }
}

function itemsOf(text: Uint8Array | string, numbers: EventNumbers): readonly SourceItem[] {
  try {
    const message = readEvent(readJson(text), numbers)
    return message === undefined ? [] : [{ kind: 'message', message, size: text.length }]
  } catch (error) {
    return [{ kind: 'damaged', error }]
  }
}

/** undefined for kinds that are not known. */
function readEvent(fields: JsonFields, numbers: EventNumbers): SourceMessage | undefined {
  const time = numberField(fields, 'time_us')
  // Newer services number their events, too.
  const seq = numbers.next(fields.cursor === undefined ? time : numberField(fields, 'cursor'))
  const base = { seq, did: didField(fields), time: new Date(time / 1000).toISOString() }
  switch (fields.kind) {
    case 'commit': {
      const commit = objectField(fields, 'commit')
      return { kind: 'record', ...base, ...readChange(commit, commit.operation), live: true }
    }
    case 'identity': {
      const { handle } = objectField(fields, 'identity')
      return { kind: 'identity', ...base, handle: typeof handle === 'string' ? handle : undefined }
    }
    case 'account': {
      const { active, status } = objectField(fields, 'account')
      if (typeof active !== 'boolean') throw invalidMessage('its field active is missing')
      const inactive = typeof status === 'string' ? status : 'inactive'
      return { kind: 'account', ...base, active, status: active ? 'active' : inactive }
    }
    default:
      return undefined
  }
}
