import { ExprsnError } from '@exprsn/core'
import { XmlReader, type XmlEvent } from '@exprsn/core/bytes'
import { targetErrors } from './errors.ts'

/** An entry of a feed that was read. */
export interface ReadFeedEntry {
  /** By which it is known again: `guid`, `id`, else its address. */
  readonly id: string
  readonly url: string | undefined
  readonly title: string | undefined
  /** As HTML; of unknown hand: pass it to `fromHtml`. */
  readonly html: string
  readonly publishedAt: Date | undefined
  readonly updatedAt: Date | undefined
}

/** A feed that was read. */
export interface ReadFeed {
  readonly title: string | undefined
  readonly home: string | undefined
  readonly entries: readonly ReadFeedEntry[]
}

const mostEntries = 1_000
const mostBytes = 10_485_760

/**
 * Reads a feed: RSS 2.0, Atom or JSON Feed, told by what it is and not by what it is called. Entries that cannot be known again
 * are left out; an entry that stands there twice is read once.
 *
 * @throws `ATPROTO_FEED_INVALID`
 * @example
 * ```ts
 * import { readFeed } from '@exprsn/atproto/publish'
 *
 * const feed = readFeed('<rss version="2.0"><channel><title>News</title><item><guid>1</guid><title>Hi</title></item></channel></rss>')
 * console.log(feed.title, feed.entries[0]?.title) // News Hi
 * ```
 */
export function readFeed(source: string | Uint8Array): ReadFeed {
  const bytes =
    typeof source === 'string' ? Buffer.from(source) : Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  if (bytes.length > mostBytes)
    throw targetErrors.ATPROTO_FEED_INVALID({ reason: `it has more than ${mostBytes} bytes` })
  const start = bytes
    .toString('latin1', 0, 64)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  const feed = start.startsWith('{') ? readJson(bytes) : readXmlFeed(bytes)
  const seen = new Set<string>()
  const entries = feed.entries.filter(({ id }) => id !== '' && !seen.has(id) && seen.add(id))
  return { ...feed, entries: entries.slice(0, mostEntries) }
}

function readJson(bytes: Buffer): ReadFeed {
  let value: Record<string, unknown>
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, '')) as Record<string, unknown>
  } catch {
    throw targetErrors.ATPROTO_FEED_INVALID({ reason: 'it is no JSON' })
  }
  if (typeof value.version !== 'string' || !value.version.includes('jsonfeed.org') || !Array.isArray(value.items))
    throw targetErrors.ATPROTO_FEED_INVALID({ reason: 'it is no JSON Feed' })
  const entries = (value.items as unknown[]).flatMap((item): ReadFeedEntry[] => {
    if (typeof item !== 'object' || item === null) return []
    const fields = item as Record<string, unknown>
    const url = textOf(fields.url) ?? textOf(fields.external_url)
    const plain = textOf(fields.content_text)
    return [
      {
        id: typeof fields.id === 'number' ? String(fields.id) : (textOf(fields.id) ?? url ?? ''),
        url: webAddress(url),
        title: textOf(fields.title),
        html: textOf(fields.content_html) ?? (plain === undefined ? (textOf(fields.summary) ?? '') : escape(plain)),
        publishedAt: dateOf(textOf(fields.date_published)),
        updatedAt: dateOf(textOf(fields.date_modified)),
      },
    ]
  })
  return { title: textOf(value.title), home: webAddress(textOf(value.home_page_url)), entries }
}

/** The texts and links of an element that is read. */
interface Fields {
  readonly texts: Map<string, string>
  link: string | undefined
}

function readXmlFeed(bytes: Buffer): ReadFeed {
  const path: string[] = []
  const feed: Fields = { texts: new Map(), link: undefined }
  const entries: Fields[] = []
  let current = feed
  let depth = 0
  let isFeed = false
  let markup = ''
  for (const event of eventsOf(bytes)) {
    if (event.kind === 'start') {
      path.push(event.local)
      isFeed ||= path.length === 1 && ['rss', 'feed', 'RDF'].includes(event.local)
      if ((event.local === 'item' || event.local === 'entry') && depth === 0) {
        current = { texts: new Map(), link: undefined }
        entries.push(current)
        depth = path.length
      } else if (event.local === 'link') takeLink(current, event)
      markup = ''
    } else if (event.kind === 'end') {
      if (path.length === depth) {
        current = feed
        depth = 0
      }
      path.pop()
    } else {
      // XHTML within an entry gives its text; whoever wants more reads the page.
      const isOwn = path.length === (depth === 0 ? (path[0] === 'feed' ? 2 : 3) : depth + 1)
      const within = isOwn ? path.at(-1)! : depth === 0 ? undefined : path[depth]
      if (within === undefined) continue
      markup = isOwn ? event.text : escape(event.text)
      if (isOwn && current.texts.has(within)) continue
      current.texts.set(within, isOwn ? markup : `${current.texts.get(within) ?? ''} ${markup}`)
    }
  }
  if (!isFeed) throw targetErrors.ATPROTO_FEED_INVALID({ reason: 'it is neither RSS nor Atom' })
  return {
    title: feed.texts.get('title')?.trim(),
    home: webAddress(feed.link ?? feed.texts.get('link')),
    entries: entries.map(entryOf),
  }
}

function eventsOf(bytes: Buffer): XmlEvent[] {
  try {
    const reader = new XmlReader()
    return [...reader.push(bytes), ...reader.end()]
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    throw targetErrors.ATPROTO_FEED_INVALID({ reason: error.message }, { cause: error })
  }
}

function takeLink(fields: Fields, { attributes }: XmlEvent & { readonly kind: 'start' }): void {
  const named = new Map(attributes.map(({ local, value }) => [local, value]))
  const href = named.get('href')
  if (href !== undefined && (named.get('rel') ?? 'alternate') === 'alternate') fields.link ??= href
}

function entryOf({ texts, link }: Fields): ReadFeedEntry {
  const url = link ?? texts.get('link')
  return {
    id: (texts.get('guid') ?? texts.get('id') ?? url ?? '').trim(),
    url: webAddress(url),
    title: texts.get('title')?.trim(),
    html: texts.get('encoded') ?? texts.get('content') ?? texts.get('description') ?? texts.get('summary') ?? '',
    publishedAt: dateOf(texts.get('pubDate') ?? texts.get('published') ?? texts.get('date')),
    updatedAt: dateOf(texts.get('updated')),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function webAddress(url: string | undefined): string | undefined {
  const trimmed = url?.trim() ?? ''
  return /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed) ? trimmed : undefined
}

function dateOf(text: string | undefined): Date | undefined {
  const time = Date.parse(text?.trim() ?? '')
  return Number.isNaN(time) ? undefined : new Date(time)
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
