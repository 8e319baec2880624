import type { IncomingMessage, ServerResponse } from 'node:http'
import { systemClock, type Clock } from '@exprsn/core'
import { PlannedFaults, type FakeFault } from './fake-faults.ts'
import { LocalServer } from './local-server.ts'

/** Options of {@link createFakeMastodon}. */
export interface FakeMastodonOptions {
  /** @default 'token' */
  readonly token?: string | undefined
  /** The most characters of a post. @default 500 */
  readonly characters?: number | undefined
  /** Requests in five minutes. @default 300 */
  readonly limit?: number | undefined
  /** How often an image says that it is being worked on before it can be posted. @default 0 */
  readonly polls?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** An image that was uploaded. */
export interface FakeAttachment {
  readonly id: string
  readonly type: string
  readonly bytes: Uint8Array
  readonly alt: string
  /** How often it still says that it is being worked on. */
  polls: number
}

/** A post. */
export interface FakeStatus {
  readonly id: string
  text: string
  readonly parent: string | undefined
  readonly visibility: string
  warning: string
  readonly createdAt: number
  edits: number
  /** Ids of its images. */
  media: readonly string[]
}

/** An instance with one account, in memory. */
export interface FakeMastodon extends AsyncDisposable {
  readonly url: string
  /** In the order in which they were posted. */
  readonly statuses: readonly FakeStatus[]
  /** What was uploaded, in order. */
  readonly attachments: readonly FakeAttachment[]
  /** Requests that were answered. */
  readonly requests: number
  /** A fault of a method: `POST /api/v1/statuses`, ids written as `:id`. */
  plan(fault: FakeFault): void
  start(): Promise<void>
  close(): Promise<void>
}

/**
 * Makes an instance of Mastodon that refuses what the real one refuses: wrong tokens, posts that are empty or too long (with
 * every address counting 23 characters), answers to what is not there, and too many requests. A repeated `Idempotency-Key`
 * gives the same post for an hour, whatever else was sent with it.
 *
 * @example
 * ```ts
 * import { createFakeMastodon } from '@exprsn/atproto/testing'
 *
 * await using mastodon = createFakeMastodon()
 * await mastodon.start()
 * const headers = { authorization: 'Bearer token', 'content-type': 'application/json' }
 * await fetch(`${mastodon.url}/api/v1/statuses`, { method: 'POST', headers, body: JSON.stringify({ status: 'hello' }) })
 * console.log(mastodon.statuses[0]?.text) // hello
 * ```
 */
export function createFakeMastodon(options: FakeMastodonOptions = {}): FakeMastodon {
  return new MemoryMastodon(options)
}

type Fields = Readonly<Record<string, string | undefined>> & { readonly media_ids?: readonly string[] }

interface Answer {
  readonly status: number
  readonly body: unknown
}

const hour = 3_600_000
const window = 300_000
const account = '1001'

class MemoryMastodon implements FakeMastodon {
  readonly statuses: FakeStatus[] = []
  readonly attachments: FakeAttachment[] = []
  requests = 0
  readonly #options: FakeMastodonOptions
  readonly #clock: Clock
  readonly #faults = new PlannedFaults()
  readonly #keys = new Map<string, { readonly id: string; readonly until: number }>()
  #nextId = 1
  #used = 0
  #resetAt = 0
  readonly #server = new LocalServer({ onRequest: (request, response) => void this.#serve(request, response) })

  constructor(options: FakeMastodonOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
  }

  get url(): string {
    return this.#server.url
  }

  plan(fault: FakeFault): void {
    this.#faults.plan(fault)
  }

  start(): Promise<void> {
    return this.#server.start()
  }

  close(): Promise<void> {
    return this.#server.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const method = `${request.method} ${pathname.replace(/\/statuses\/\d+/, '/statuses/:id')}`
    const fault = this.#faults.take(method)
    if (fault?.kind === 'drop') return void response.destroy()
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    this.requests++
    const isFailed = fault?.kind === 'error'
    const { status, body } = isFailed
      ? { status: fault.status ?? 503, body: { error: 'Service Unavailable' } }
      : pathname === '/api/v2/media'
        ? await this.#upload(request, Buffer.concat(parts))
        : this.#answer(request, pathname, Buffer.concat(parts).toString())
    if (fault?.kind === 'lost-response') return void response.destroy()
    const { limit = 300 } = this.#options
    response
      .writeHead(status, {
        'content-type': 'application/json',
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - this.#used)),
        'x-ratelimit-reset': new Date(this.#resetAt).toISOString(),
      })
      .end(JSON.stringify(body))
  }

  #answer(request: IncomingMessage, path: string, text: string): Answer {
    const shut = this.#shut(request)
    if (shut !== undefined) return shut
    const fields = text === '' ? {} : (JSON.parse(text) as Fields)
    const attachment = this.attachments.find(({ id }) => path === `/api/v1/media/${id}`)
    if (attachment !== undefined) return { status: attachment.polls-- > 0 ? 206 : 200, body: { id: attachment.id } }
    if (path === '/api/v1/statuses' && request.method === 'POST')
      return this.#post(fields, request.headers['idempotency-key'] as string | undefined)
    if (path === '/api/v1/accounts/verify_credentials') return { status: 200, body: { id: account } }
    if (path === `/api/v1/accounts/${account}/statuses`)
      return {
        status: 200,
        body: this.statuses
          .toReversed()
          .slice(0, 40)
          .map((status) => this.#shown(status)),
      }
    const id = /^\/api\/v1\/statuses\/(\d+)(\/source)?$/.exec(path)
    const index = this.statuses.findIndex((status) => status.id === id?.[1])
    const status = this.statuses[index]
    if (status === undefined) return refusal(404, 'Record not found')
    if (id?.[2] !== undefined) return { status: 200, body: { id: status.id, text: status.text } }
    if (request.method === 'DELETE') this.statuses.splice(index, 1)
    else if (request.method === 'PUT') return this.#edit(status, fields)
    return { status: 200, body: this.#shown(status) }
  }

  #shut({ headers }: IncomingMessage): Answer | undefined {
    const { token = 'token', limit = 300 } = this.#options
    const now = this.#clock.now()
    if (now >= this.#resetAt) [this.#used, this.#resetAt] = [0, now + window]
    if (++this.#used > limit) return refusal(429, 'Too many requests')
    return headers.authorization === `Bearer ${token}` ? undefined : refusal(401, 'The access token is invalid')
  }

  async #upload(request: IncomingMessage, body: Uint8Array<ArrayBuffer>): Promise<Answer> {
    const shut = this.#shut(request)
    if (shut !== undefined) return shut
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const form = await new Response(body, { headers }).formData()
    const file = form.get('file')
    if (!(file instanceof Blob)) return refusal(422, "Validation failed: File can't be blank")
    const { polls = 0 } = this.#options
    const id = String(this.#nextId++)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const alt = form.get('description')
    this.attachments.push({ id, type: file.type, bytes, alt: typeof alt === 'string' ? alt : '', polls })
    return { status: polls > 0 ? 202 : 200, body: { id } }
  }

  #post(fields: Fields, key: string | undefined): Answer {
    const now = this.#clock.now()
    const known = key === undefined ? undefined : this.#keys.get(key)
    const repeated = this.statuses.find(({ id }) => id === known?.id)
    if (known !== undefined && known.until > now && repeated !== undefined)
      return { status: 200, body: this.#shown(repeated) }
    const { status: text = '', in_reply_to_id: parent, visibility = 'public', spoiler_text: warning = '' } = fields
    const { media_ids: media = [] } = fields
    const problem = this.#problemOf(text, media)
    if (problem !== undefined) return problem
    if (parent !== undefined && !this.statuses.some(({ id }) => id === parent))
      return refusal(404, 'The post you are trying to reply to does not appear to exist.')
    const status = { id: String(this.#nextId++), text, parent, visibility, warning, createdAt: now, edits: 0, media }
    this.statuses.push(status)
    if (key !== undefined) this.#keys.set(key, { id: status.id, until: now + hour })
    return { status: 200, body: this.#shown(status) }
  }

  #edit(status: FakeStatus, { status: text = '', spoiler_text: warning = '', media_ids: media = [] }: Fields): Answer {
    const problem = this.#problemOf(text, media)
    if (problem !== undefined) return problem
    if (status.text !== text || status.warning !== warning || String(status.media) !== String(media)) status.edits++
    Object.assign(status, { text, warning, media })
    return { status: 200, body: this.#shown(status) }
  }

  #problemOf(text: string, media: readonly string[]): Answer | undefined {
    const { characters = 500 } = this.#options
    if (media.length > 4) return refusal(422, 'Cannot attach more than 4 files')
    for (const name of media) {
      const attachment = this.attachments.find(({ id }) => id === name)
      if (attachment === undefined) return refusal(422, `Media with id ${name} not found`)
      if (attachment.polls > 0) return refusal(422, 'Cannot attach files that have not finished processing')
    }
    if (text.trim() === '' && media.length === 0) return refusal(422, "Validation failed: Text can't be blank")
    const counted = text.replaceAll(/https?:\/\/\S+/g, 'x'.repeat(23))
    const length = [...new Intl.Segmenter().segment(counted)].length
    return length > characters
      ? refusal(422, `Validation failed: Text character limit of ${characters} exceeded`)
      : undefined
  }

  #shown({ id, text, createdAt, media }: FakeStatus): unknown {
    return {
      id,
      url: `${this.url}/@alice/${id}`,
      content: `<p>${text.replaceAll('<', '&lt;')}</p>`,
      created_at: new Date(createdAt).toISOString(),
      media_attachments: media.map((name) => ({ id: name, type: 'image' })),
    }
  }
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } }
}
