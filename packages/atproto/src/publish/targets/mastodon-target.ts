import { createHash } from 'node:crypto'
import { ExprsnError, systemClock, type Clock } from '@exprsn/core'
import type { Client, ClientResponse, RequestOptions } from '@exprsn/core/client'
import { tableNames, type Database, type MigrationNaming } from '@exprsn/core/database'
import type { ImageProcessor } from '../../media/index.ts'
import { targetErrors } from './errors.ts'
import { imagesOfPost, uploadImages, type MastodonMediaContext } from './mastodon-media.ts'
import { splitForMastodon } from './mastodon-text.ts'
import { plainText } from './plain-text.ts'
import type {
  CrossPost,
  CrossPostImage,
  PublishTarget,
  TargetCall,
  TargetOutcome,
  TargetRecord,
} from './publish-target.ts'
import {
  recordRow,
  targetMigrations,
  targetStatements,
  type RecordRow,
  type TargetStatements,
} from './target-tables.ts'

/** Options of {@link mastodonTarget}. */
export interface MastodonTargetOptions extends MigrationNaming {
  /** Where it is kept what stands there. */
  readonly database: Database
  /** The way out. */
  readonly client: Client
  /** Base URL of the instance: `https://mastodon.example`. */
  readonly instance: string
  /** An access token with `write:statuses` and `read:statuses`, with images `write:media`, too; `new Secret(…)` has a `reveal`. */
  readonly token: string | { reveal(): string }
  /** @default 'mastodon' */
  readonly name?: string | undefined
  /** Who sees the posts. @default 'public' */
  readonly visibility?: 'public' | 'unlisted' | 'private' | undefined
  /** The most characters of a post, as the instance is configured. @default 500 */
  readonly characters?: number | undefined
  /** Put behind each part of a thread. @default none */
  readonly numbering?: ((part: number, parts: number) => string) | undefined
  /** Reads the images that posts name. @default none: posts with images are refused */
  readonly media?: ((ref: string, call: TargetCall) => Promise<Uint8Array>) | undefined
  /** Makes images fit that are too large: `sharpImages()`. @default none: such images are refused */
  readonly images?: ImageProcessor | undefined
  /** The most bytes of an image, as the instance is configured. @default 16000000 */
  readonly maxImageBytes?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** How long Mastodon knows a repeated `Idempotency-Key`; less than the hour it says, as clocks differ. */
const repeatable = 3_000_000
const accountPause = 3_600_000
/** After which a request that was given up does not arrive any more. */
const longestWay = 600_000

/**
 * Posts to an account of Mastodon, and of what speaks its REST interface. Keys of requests are stored before they are sent;
 * a repeated one gives the same post for an hour, and after that the account's own posts are looked through.
 *
 * @example
 * ```ts no-run
 * import { createClient } from '@exprsn/core/client'
 * import { sqliteDatabase } from '@exprsn/core/database'
 * import { mastodonTarget } from '@exprsn/atproto/publish'
 *
 * const database = sqliteDatabase({ path: './data/app.db' })
 * const client = createClient()
 * const target = mastodonTarget({ database, client, instance: 'https://mastodon.example', token: '…' })
 * const { edits, characters } = target.capabilities
 * console.log(edits, characters) // true 500
 * ```
 */
export function mastodonTarget(options: MastodonTargetOptions): PublishTarget {
  return new MastodonTarget(options)
}

interface Status {
  readonly id: string
  readonly url?: string | undefined
}

interface ListedStatus extends Status {
  readonly created_at: string
  readonly media_attachments?: readonly { readonly id: string }[] | undefined
}

/** Ends a call with an outcome; nobody outside sees it. */
class Ended extends Error {
  readonly outcome: TargetOutcome

  constructor(outcome: TargetOutcome) {
    super(outcome.status)
    this.outcome = outcome
  }
}

class MastodonTarget implements PublishTarget {
  readonly name: string
  readonly capabilities: PublishTarget['capabilities']
  readonly migrations = [targetMigrations]
  readonly #options: MastodonTargetOptions
  readonly #sql: TargetStatements
  readonly #clock: Clock
  readonly #media: MastodonMediaContext
  #account: string | undefined

  constructor(options: MastodonTargetOptions) {
    const { database, prefix, schema, name = 'mastodon', characters = 500, clock = systemClock } = options
    this.name = name
    this.#options = options
    this.#clock = clock
    this.#sql = targetStatements(tableNames(database.dialect, { prefix, schema }))
    this.#media = {
      target: name,
      media: options.media,
      processor: options.images,
      maxBytes: options.maxImageBytes ?? 16_000_000,
      clock,
      send: (method, path, request, call) => this.#send(method, path, request, call),
      check: (method, answer) => this.#check(method, answer),
      refuse: (reason) => new Ended({ status: 'refused', reason }),
    }
    this.capabilities = {
      edits: true,
      deletes: true,
      threads: true,
      linkTexts: false,
      characters,
      images: imagesOfPost,
      repeatable,
    }
  }

  put(post: CrossPost, call: TargetCall = {}): Promise<TargetOutcome> {
    return this.#ending(async () => {
      const { numbering } = this.#options
      const parts = splitForMastodon(plainText(post.content), this.capabilities.characters, numbering)
      const known = await this.#rows(post.id)
      const { images = [] } = post
      const count = Math.max(parts.length, Math.ceil(images.length / imagesOfPost))
      let parent: string | undefined
      for (let part = 0; part < count; part++)
        parent = await this.#putPart(post, part, parts[part] ?? '', parent, known[part], call)
      await this.#remove(known.slice(count), call)
    })
  }

  remove(id: string, call: TargetCall = {}): Promise<TargetOutcome> {
    return this.#ending(async () => this.#remove(await this.#rows(id), call))
  }

  async records(id: string): Promise<readonly TargetRecord[]> {
    const rows = await this.#rows(id)
    return rows.flatMap(({ remoteId, url }) => (remoteId === undefined ? [] : [{ id: remoteId, url }]))
  }

  async #ending(work: () => Promise<void>): Promise<TargetOutcome> {
    try {
      await work()
      return { status: 'done' }
    } catch (error) {
      if (error instanceof Ended) return error.outcome
      throw error
    }
  }

  async #putPart(
    post: CrossPost,
    part: number,
    text: string,
    parent: string | undefined,
    row: RecordRow | undefined,
    call: TargetCall,
  ): Promise<string> {
    const { language, warning, id, images: all = [] } = post
    const images = all.slice(part * imagesOfPost, (part + 1) * imagesOfPost)
    const shown = { status: text, spoiler_text: warning ?? '', sensitive: warning !== undefined, language }
    const digest = digestOf(shown, images)
    let remoteId = row?.remoteId
    let sent = { digest: row?.digest ?? '', body: row?.body ?? '{}' }
    if (remoteId === undefined) {
      const visibility = this.#options.visibility ?? 'public'
      const placed = async () => ({
        ...shown,
        in_reply_to_id: parent,
        visibility,
        ...mediaIds(await uploadImages(this.#media, images, call)),
      })
      const posted = await this.#post(id, part, placed, digest, row, call)
      remoteId = posted.id
      sent = posted
    }
    if (sent.digest === digest) return remoteId
    // What is not named again is taken from the post.
    const areSame = imagesDigest(sent.digest) === imagesDigest(digest)
    const ids = areSame ? idsOf(sent.body) : await uploadImages(this.#media, images, call)
    const json = { ...shown, ...mediaIds(ids) }
    const answer = await this.#send('PUT', `/api/v1/statuses/${remoteId}`, { json }, call)
    if (answer.status === 404) {
      // It was deleted there: it is posted anew.
      await this.#query(this.#sql.forget, [this.name, id, part])
      return this.#putPart(post, part, text, parent, undefined, call)
    }
    this.#check('PUT status', answer)
    if (!areSame) await this.#query(this.#sql.resent, [this.name, id, part, JSON.stringify(json)])
    await this.#query(this.#sql.sent, [this.name, id, part, remoteId, statusOf(answer).url ?? null, digest])
    return remoteId
  }

  /** Posts, or finds what was posted when its answer was lost. */
  async #post(
    id: string,
    part: number,
    build: () => Promise<object>,
    digest: string,
    row: RecordRow | undefined,
    call: TargetCall,
  ): Promise<{ readonly id: string; readonly digest: string; readonly body: string }> {
    const now = this.#clock.now()
    const isRepeatable = row !== undefined && now - row.sentAt < repeatable
    const found = row === undefined || isRepeatable ? undefined : await this.#find(row, call)
    const key = isRepeatable ? row.key : keyOf([this.name, id, part, now])
    const isKnown = isRepeatable || found !== undefined
    const body = isKnown ? row!.body! : JSON.stringify(await build())
    const sentDigest = isKnown ? row!.digest : digest
    if (!isKnown) await this.#query(this.#sql.send, [this.name, id, part, key, now, digest, body])
    const status = found ?? (await this.#createOrForget(id, part, { key, body }, isRepeatable, call))
    await this.#query(this.#sql.sent, [this.name, id, part, status.id, status.url ?? null, sentDigest])
    return { id: status.id, digest: sentDigest, body }
  }

  /** What was refused, and was not sent before, does not stand there: the next version begins anew. */
  async #createOrForget(
    id: string,
    part: number,
    { key, body }: { readonly key: string; readonly body: string },
    wasSent: boolean,
    call: TargetCall,
  ): Promise<Status> {
    try {
      return await this.#create(JSON.parse(body), key, call)
    } catch (error) {
      const isRefused = error instanceof Ended && (error.outcome.status === 'refused' || !wasSent)
      if (isRefused) await this.#query(this.#sql.forget, [this.name, id, part])
      throw error
    }
  }

  async #create(json: unknown, key: string, call: TargetCall): Promise<Status> {
    const answer = await this.#send('POST', '/api/v1/statuses', { json, idempotencyKey: key }, call)
    this.#check('POST status', answer)
    return statusOf(answer)
  }

  /** Among the account's own posts since then: the text as it was written is told by `source`. */
  async #find({ body, sentAt }: RecordRow, call: TargetCall): Promise<Status | undefined> {
    if (this.#account === undefined) {
      const own = await this.#send('GET', '/api/v1/accounts/verify_credentials', {}, call)
      this.#check('GET account', own)
      this.#account = statusOf(own).id
    }
    const { status: text } = JSON.parse(body ?? '{}') as { readonly status?: string }
    const query = { limit: 40, exclude_reblogs: true }
    const answer = await this.#send('GET', `/api/v1/accounts/${this.#account}/statuses`, { query }, call)
    this.#check('GET statuses', answer)
    const list = answer.json() as readonly ListedStatus[]
    const media = String(idsOf(body ?? '{}'))
    for (const status of list) {
      if (Date.parse(status.created_at) < sentAt - repeatable) continue
      if (String((status.media_attachments ?? []).map((shown) => shown.id)) !== media) continue
      const source = await this.#send('GET', `/api/v1/statuses/${status.id}/source`, {}, call)
      if (source.status === 200 && (source.json() as { readonly text?: string }).text === text) return status
    }
    return undefined
  }

  async #remove(rows: readonly RecordRow[], call: TargetCall): Promise<void> {
    for (const row of rows.toReversed()) {
      const remoteId = row.remoteId ?? (await this.#find(row, call))?.id
      if (remoteId !== undefined) {
        const answer = await this.#send('DELETE', `/api/v1/statuses/${remoteId}`, {}, call)
        if (answer.status !== 404) this.#check('DELETE status', answer)
      } else if (this.#clock.now() - row.sentAt < longestWay) {
        const until = new Date(row.sentAt + longestWay)
        throw new Ended({ status: 'waiting', until, reason: 'a post may still be on its way' })
      }
      await this.#query(this.#sql.forget, [this.name, row.sourceId, row.part])
    }
  }

  #send(method: string, path: string, options: RequestOptions, { signal }: TargetCall): Promise<ClientResponse> {
    const { client, instance, token } = this.#options
    const authorization = `Bearer ${typeof token === 'string' ? token : token.reveal()}`
    return client.request(new URL(path, instance), {
      ...options,
      method,
      headers: { authorization },
      throwOnStatus: false,
      signal,
    })
  }

  #check(method: string, answer: ClientResponse): void {
    const { status } = answer
    if (status >= 200 && status < 300) return
    const reason = `${method}: ${reasonOf(answer)}`
    if (status === 429) throw new Ended({ status: 'waiting', until: this.#resetOf(answer), reason })
    if (status === 401 || status === 403)
      throw new Ended({ status: 'waiting', until: new Date(this.#clock.now() + accountPause), reason })
    if (status >= 400 && status < 500 && status !== 404 && status !== 408)
      throw new Ended({ status: 'refused', reason })
    throw targetErrors.ATPROTO_TARGET_UNAVAILABLE({ target: this.name, method, status })
  }

  #resetOf({ headers }: ClientResponse): Date {
    const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '')
    return new Date(Math.max(this.#clock.now() + 1_000, Number.isNaN(reset) ? this.#clock.now() + 60_000 : reset))
  }

  async #rows(id: string): Promise<RecordRow[]> {
    const { rows } = await this.#query(this.#sql.records, [this.name, id])
    return rows.map(recordRow)
  }

  #query(statement: string, values: readonly (string | number | null)[]) {
    return this.#options.database.query(statement, [...values])
  }
}

function keyOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}

/** Of a post, and behind a point of its images: whether these have changed is asked for alone. */
function digestOf(shown: object, images: readonly CrossPostImage[]): string {
  return images.length === 0 ? keyOf(shown) : `${keyOf(shown)}.${keyOf(images)}`
}

function imagesDigest(digest: string): string | undefined {
  return digest.split('.')[1]
}

function mediaIds(ids: readonly string[]): object {
  return ids.length === 0 ? {} : { media_ids: ids }
}

function idsOf(body: string): readonly string[] {
  return (JSON.parse(body) as { readonly media_ids?: readonly string[] }).media_ids ?? []
}

function statusOf(answer: ClientResponse): Status {
  const { id, url } = answer.json() as Status
  return { id: String(id), url }
}

function reasonOf(answer: ClientResponse): string {
  try {
    const { error } = answer.json() as { readonly error?: unknown }
    return typeof error === 'string' ? error : `status ${answer.status}`
  } catch (error) {
    if (ExprsnError.is(error)) return `status ${answer.status}`
    throw error
  }
}
