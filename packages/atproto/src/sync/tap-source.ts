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

/** Options of {@link tapSource}. */
export interface TapSourceOptions extends JsonSourceOptions {
  /** Tap's admin password, where it has one. @default none */
  readonly password?: string | undefined
}

/**
 * A Tap (`/channel`), experimental: a service of the host's own that verifies and fetches repositories and sends what changed.
 * An event is acknowledged once it is applied and committed, and comes again otherwise. Its events are marked as not
 * verified, as it is Tap that is believed here. Which repositories it follows is configured there. Give the source another
 * `name` when Tap begins with a new database, for it then counts anew.
 *
 * @example
 * ```ts
 * import { tapSource } from '@exprsn/atproto/sync'
 *
 * const source = tapSource({ service: 'http://tap:2480', allow: { privateAddresses: true } })
 * console.log(source.name) // tap:2480
 * ```
 */
export function tapSource(options: TapSourceOptions): SyncSource {
  const { service, allow, resolve, clock, highWaterMark, password } = options
  const url = streamAddress(service, '/channel')
  const idleTimeout = milliseconds(options.idleTimeout ?? '5m')
  const headers = password === undefined ? {} : { authorization: `Basic ${base64(`admin:${password}`)}` }
  const acknowledgements = new Acknowledgements()
  return {
    name: options.name ?? url.host,
    async *open({ signal }) {
      const onSender = (send: (text: string) => void): void => acknowledgements.begin(send)
      const connection = { allow, resolve, clock, signal, idleTimeout, highWaterMark, headers, onSender }
      try {
        yield* readStream(String(url), connection, (message) => itemsOf(message, acknowledgements))
      } finally {
        // What is applied after the connection ended comes again, and is recognised.
        acknowledgements.end()
      }
    },
    acknowledge: (seq) => acknowledgements.done(seq),
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** Messages that an event can be: each has a number of its own. */
const messagesPerEvent = 2

/** Says that an event is done when each of its messages is. */
class Acknowledgements {
  readonly #left = new Map<number, number>()
  #send: ((text: string) => void) | undefined

  begin(send: (text: string) => void): void {
    this.#send = send
  }

  end(): void {
    this.#send = undefined
    this.#left.clear()
  }

  expect(id: number, messages: number): void {
    if (messages === 0) this.#acknowledge(id)
    else this.#left.set(id, messages)
  }

  done(seq: number): void {
    const id = Math.floor(seq / messagesPerEvent)
    const left = (this.#left.get(id) ?? 0) - 1
    if (left > 0) this.#left.set(id, left)
    else if (this.#left.delete(id)) this.#acknowledge(id)
  }

  #acknowledge(id: number): void {
    this.#send?.(JSON.stringify({ type: 'ack', id }))
  }
}

function itemsOf(text: Uint8Array | string, acknowledgements: Acknowledgements): readonly SourceItem[] {
  let id: number | undefined
  try {
    const fields = readJson(text)
    id = numberField(fields, 'id')
    const messages = readEvent(fields, id * messagesPerEvent)
    acknowledgements.expect(id, messages.length)
    return messages.map((message) => ({ kind: 'message', message, size: text.length }))
  } catch (error) {
    // It would come again for ever, and hold up what follows.
    if (id !== undefined) acknowledgements.expect(id, 0)
    return [{ kind: 'damaged', error }]
  }
}

/** None for types that are not known. */
function readEvent(fields: JsonFields, seq: number): readonly SourceMessage[] {
  if (fields.type === 'record') {
    const record = objectField(fields, 'record')
    const { action, live } = record
    const base = { seq, did: didField(record), time: '', live: live !== false, unordered: true } as const
    return [{ kind: 'record', ...base, ...readChange(record, action) }]
  }
  // Older versions say user, and isActive.
  if (fields.type !== 'identity' && fields.type !== 'user') return []
  const identity = objectField(fields, fields.type)
  const { handle, status, is_active: isActive = identity.isActive } = identity
  if (typeof isActive !== 'boolean') throw invalidMessage('it does not say whether the account is active')
  const did = didField(identity)
  const inactive = typeof status === 'string' && status !== '' ? status : 'inactive'
  return [
    { kind: 'account', seq, did, time: '', active: isActive, status: isActive ? 'active' : inactive },
    {
      kind: 'identity',
      seq: seq + 1,
      did,
      time: '',
      handle: typeof handle === 'string' && handle !== '' ? handle : undefined,
    },
  ]
}
