import { createHash } from 'node:crypto'
import { systemClock, type Clock } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming } from '@exprsn/core/database'
import type { RichText } from '../../richtext/index.ts'
import { writeAtom, writeJsonFeed, writeRss, type FeedDocument, type FeedEntry } from './write-feed.ts'
import type { CrossPost, PublishTarget } from './publish-target.ts'
import { recordRow, targetMigrations, targetStatements, type RecordRow } from './target-tables.ts'

/** Options of {@link feedTarget}. */
export interface FeedTargetOptions extends MigrationNaming {
  /** Where the entries are kept. */
  readonly database: Database
  /** Name of the feed. */
  readonly title: string
  /** The page that the feed belongs to. */
  readonly home: string
  /** Where the feed itself is served. @default none */
  readonly self?: string | undefined
  /** @default '' */
  readonly description?: string | undefined
  /** BCP 47. @default none */
  readonly language?: string | undefined
  /** The latest entries that are shown. @default 50 */
  readonly entries?: number | undefined
  /** @default 'feed' */
  readonly name?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** The formats of feeds. */
export type FeedFormat = 'rss' | 'atom' | 'json'

/** A feed as a target: it is there to be fetched. */
export interface FeedTarget extends PublishTarget {
  /** The feed as text. */
  render(format: FeedFormat): Promise<string>
  /** Serves the feed; whoever has the latest is answered 304. */
  handler(format: FeedFormat): (request: Request) => Promise<Response>
}

const types: Readonly<Record<FeedFormat, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
}
const writers = { rss: writeRss, atom: writeAtom, json: writeJsonFeed }

/**
 * A feed of the host's own, in RSS 2.0, Atom and JSON Feed 1.1: items are entries with links that work, edits change them in
 * place, and removed ones are gone.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { feedTarget } from '@exprsn/atproto/publish'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const feed = feedTarget({ database, title: 'News', home: 'https://example.com/' })
 * await migrate(database, feed.migrations)
 * await feed.put({ id: 'a1', content: { text: 'hello', spans: [] }, createdAt: new Date() })
 * console.log((await feed.render('atom')).includes('hello')) // true
 * ```
 */
export function feedTarget(options: FeedTargetOptions): FeedTarget {
  return new StoredFeed(options)
}

interface StoredEntry {
  readonly title: string | undefined
  readonly url: string | undefined
  readonly content: RichText
  readonly createdAt: string
  readonly updatedAt: string
}

class StoredFeed implements FeedTarget {
  readonly name: string
  readonly capabilities = {
    edits: true,
    deletes: true,
    threads: false,
    linkTexts: true,
    characters: Infinity,
    images: 0,
    repeatable: Infinity,
  }
  readonly migrations = [targetMigrations]
  readonly #options: FeedTargetOptions
  readonly #sql: ReturnType<typeof targetStatements>
  readonly #clock: Clock

  constructor(options: FeedTargetOptions) {
    const { database, prefix, schema, name = 'feed', clock = systemClock } = options
    this.name = name
    this.#options = options
    this.#clock = clock
    this.#sql = targetStatements(tableNames(database.dialect, { prefix, schema }))
  }

  async put({ id, title, url, content, createdAt }: CrossPost): Promise<{ readonly status: 'done' }> {
    const { database } = this.#options
    const digest = createHash('sha256')
      .update(JSON.stringify([title, url, content, createdAt]))
      .digest('base64url')
    await database.transaction(async (tx) => {
      const { rows } = await tx.query(this.#sql.records, [this.name, id])
      if (rows[0] !== undefined && recordRow(rows[0]).digest === digest) return
      const updatedAt = rows[0] === undefined ? createdAt : new Date(this.#clock.now())
      const entry: StoredEntry = {
        title,
        url,
        content,
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      }
      const values = [this.name, id, 0, id, createdAt.getTime(), digest, JSON.stringify(entry)]
      await tx.query(this.#sql.send, values)
    })
    return { status: 'done' }
  }

  async remove(id: string): Promise<{ readonly status: 'done' }> {
    await this.#options.database.query(this.#sql.forget, [this.name, id, 0])
    return { status: 'done' }
  }

  async records(id: string): Promise<readonly { readonly id: string; readonly url: string | undefined }[]> {
    const { rows } = await this.#options.database.query(this.#sql.records, [this.name, id])
    return rows.map(recordRow).map((row) => ({ id: row.sourceId, url: entryOf(row).url }))
  }

  async render(format: FeedFormat): Promise<string> {
    const { database, title, home, self, description = '', language, entries = 50 } = this.#options
    const { rows } = await database.query(this.#sql.latest, [this.name, entries])
    const list = rows.map(recordRow).map((row): FeedEntry => {
      const entry = entryOf(row)
      return { ...entry, id: entry.url ?? new URL(`#${encodeURIComponent(row.sourceId)}`, home).href }
    })
    const document: FeedDocument = { title, home, self, description, language, entries: list }
    return writers[format](document)
  }

  handler(format: FeedFormat): (request: Request) => Promise<Response> {
    return async (request) => {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
      const text = await this.render(format)
      const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
      const headers = { etag, 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' }
      const known = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
      if (known.includes(etag)) return new Response(null, { status: 304, headers })
      const body = request.method === 'HEAD' ? null : text
      return new Response(body, { headers: { ...headers, 'content-type': types[format] } })
    }
  }
}

function entryOf({ body }: RecordRow): StoredEntry {
  return JSON.parse(body!) as StoredEntry
}
