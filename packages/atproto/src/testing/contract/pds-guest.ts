import assert from 'node:assert/strict'
import { createId } from '@exprsn/core'
import { didKeyOfDocument, type DocumentKey } from '../../crypto/index.ts'
import { openWebSocket } from '../../drivers/web-socket.ts'
import { decodeFrame, type StreamError, type StreamMessage } from '../../repo/index.ts'
import type { PdsSubject } from './pds-subject.ts'

/** What a call answered. */
export interface PdsAnswer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** The JSON body. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a contract looks into whatever the server sends
  readonly body: any
}

/** Options of {@link PdsGuest.call}. */
export interface PdsCallOptions {
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly json?: unknown
  readonly bytes?: { readonly type: string; readonly content: Uint8Array } | undefined
  /** @default the account's own */
  readonly token?: string | undefined
}

const posts = /\.(create|put|delete|apply|upload|refresh|activate|deactivate|update)\w*$/

/** A fresh account of a server, and how it talks to it. */
export class PdsGuest {
  readonly did: string
  readonly handle: string
  readonly refreshJwt: string
  readonly #subject: PdsSubject
  readonly #accessJwt: string

  private constructor(subject: PdsSubject, session: Readonly<Record<string, string>>) {
    this.#subject = subject
    this.did = session.did!
    this.handle = session.handle!
    this.#accessJwt = session.accessJwt!
    this.refreshJwt = session.refreshJwt!
  }

  /** Makes an account. */
  static async arrive(subject: PdsSubject): Promise<PdsGuest> {
    const name = `g${createId().replaceAll('-', '').slice(-16)}`
    const json = { handle: `${name}.test`, email: `${name}@example.com`, password: 'password' }
    const answer = await call(subject.url, 'com.atproto.server.createAccount', { json })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return new PdsGuest(subject, answer.body)
  }

  /** Calls a method; those that write are sent as POST. */
  call(method: string, options: PdsCallOptions = {}): Promise<PdsAnswer> {
    return call(this.#subject.url, method, { token: this.#accessJwt, ...options })
  }

  /** Calls a method of `com.atproto.repo` with the account as `repo`. */
  repo(method: string, json: object): Promise<PdsAnswer> {
    return this.call(`com.atproto.repo.${method}`, { json: { repo: this.did, ...json } })
  }

  /** Calls a method of `com.atproto.sync` with the account as `did`, without a session: its owner may see more. */
  sync(method: string, query: Readonly<Record<string, string>> = {}): Promise<PdsAnswer> {
    return this.call(`com.atproto.sync.${method}`, { query: { did: this.did, ...query }, token: undefined })
  }

  /** The account's key from the directory. */
  async signingKey(): Promise<string> {
    const response = await fetch(`${this.#subject.plcUrl}/${this.did}`)
    const document = (await response.json()) as { verificationMethod: (DocumentKey & { id: string })[] }
    return didKeyOfDocument(document.verificationMethod.find(({ id }) => id.endsWith('#atproto'))!)
  }

  /** The messages of the event stream, while the work goes on and until `enough` of the account's own have come. */
  async listen(
    enough: number,
    options: {
      readonly cursor?: string | undefined
      readonly work?: (() => Promise<void>) | undefined
      /** Ends it earlier. */
      readonly until?: ((message: StreamMessage | StreamError) => boolean) | undefined
    } = {},
  ): Promise<(StreamMessage | StreamError)[]> {
    const url = new URL('/xrpc/com.atproto.sync.subscribeRepos', this.#subject.url.replace('http', 'ws'))
    if (options.cursor !== undefined) url.searchParams.set('cursor', options.cursor)
    const messages: (StreamMessage | StreamError)[] = []
    let working: Promise<void> | undefined
    const { signal } = new AbortController()
    const onOpen = (): void => void (working = options.work?.())
    const allow = { loopbackAddresses: true }
    for await (const frame of openWebSocket(String(url), { allow, signal, onOpen, idleTimeout: 10_000 })) {
      const message = decodeFrame(frame as Uint8Array)
      const isOurs =
        message.type === 'error' || ('body' in message && (message.body.repo ?? message.body.did) === this.did)
      if (isOurs) messages.push(message)
      if (messages.length >= enough || (isOurs && options.until?.(message) === true)) break
    }
    await working
    return messages
  }
}

async function call(url: string, method: string, options: PdsCallOptions): Promise<PdsAnswer> {
  const { query = {}, json, bytes, token } = options
  const address = new URL(`/xrpc/${method}`, url)
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  const isPost = posts.test(method)
  const type = bytes?.type ?? (json === undefined ? undefined : 'application/json')
  const response = await fetch(address, {
    method: isPost ? 'POST' : 'GET',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    body: bytes === undefined ? (json === undefined ? null : JSON.stringify(json)) : Buffer.from(bytes.content),
  })
  const content = new Uint8Array(await response.arrayBuffer())
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const body = isJson ? JSON.parse(Buffer.from(content).toString()) : undefined
  return { status: response.status, headers: response.headers, bytes: content, body }
}
