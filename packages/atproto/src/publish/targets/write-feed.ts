import type { RichText } from '../../richtext/index.ts'

/** An entry of a feed. */
export interface FeedEntry {
  readonly id: string
  readonly title: string | undefined
  readonly url: string | undefined
  readonly content: RichText
  /** ISO 8601. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** A feed, the latest entry first. */
export interface FeedDocument {
  readonly title: string
  readonly home: string
  readonly self: string | undefined
  readonly description: string
  readonly language: string | undefined
  readonly entries: readonly FeedEntry[]
}

const longestTitle = 80
const declaration = '<?xml version="1.0" encoding="utf-8"?>\n'

/** RSS 2.0: https://www.rssboard.org/rss-specification */
export function writeRss({ title, home, self, description, language, entries }: FeedDocument): string {
  const items = entries.map((entry) =>
    element('item', [
      element('title', titleOf(entry)),
      entry.url === undefined ? '' : element('link', escape(entry.url)),
      `<guid isPermaLink="${entry.url !== undefined}">${escape(entry.id)}</guid>`,
      element('pubDate', new Date(entry.createdAt).toUTCString()),
      element('description', escape(htmlOf(entry.content))),
    ]),
  )
  const link = self === undefined ? '' : `<atom:link href="${escape(self)}" rel="self" type="application/rss+xml"/>`
  const channel = element('channel', [
    element('title', escape(title)),
    element('link', escape(home)),
    element('description', escape(description === '' ? title : description)),
    language === undefined ? '' : element('language', escape(language)),
    link,
    ...items,
  ])
  return `${declaration}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">${channel}</rss>\n`
}

/** Atom: RFC 4287. */
export function writeAtom({ title, home, self, description, language, entries }: FeedDocument): string {
  const items = entries.map((entry) =>
    element('entry', [
      element('id', escape(entry.id)),
      element('title', titleOf(entry)),
      entry.url === undefined ? '' : `<link rel="alternate" href="${escape(entry.url)}"/>`,
      element('published', entry.createdAt),
      element('updated', entry.updatedAt),
      `<content type="html">${escape(htmlOf(entry.content))}</content>`,
    ]),
  )
  const updated = entries.reduce((latest, entry) => (entry.updatedAt > latest ? entry.updatedAt : latest), '')
  const body = [
    element('id', escape(home)),
    element('title', escape(title)),
    description === '' ? '' : element('subtitle', escape(description)),
    element('updated', updated === '' ? '1970-01-01T00:00:00Z' : updated),
    element('author', [element('name', escape(title))]),
    `<link rel="alternate" href="${escape(home)}"/>`,
    self === undefined ? '' : `<link rel="self" href="${escape(self)}"/>`,
    ...items,
  ]
  const lang = language === undefined ? '' : ` xml:lang="${escape(language)}"`
  return `${declaration}<feed xmlns="http://www.w3.org/2005/Atom"${lang}>${body.join('')}</feed>\n`
}

/** JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/ */
export function writeJsonFeed({ title, home, self, description, language, entries }: FeedDocument): string {
  const items = entries.map((entry) => ({
    id: entry.id,
    ...(entry.url === undefined ? {} : { url: entry.url }),
    ...(entry.title === undefined ? {} : { title: entry.title }),
    content_html: htmlOf(entry.content),
    content_text: entry.content.text,
    date_published: entry.createdAt,
    date_modified: entry.updatedAt,
  }))
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: home,
    feed_url: self,
    description: description === '' ? undefined : description,
    language,
    items,
  }
  return `${JSON.stringify(feed, undefined, 2)}\n`
}

/** The text with its links, every character of it escaped. */
function htmlOf({ text, spans }: RichText): string {
  let html = ''
  let end = 0
  for (const span of spans) {
    if (span.kind !== 'link') continue
    html += escape(text.slice(end, span.start))
    html += `<a href="${escape(span.uri)}">${escape(text.slice(span.start, span.end))}</a>`
    ;({ end } = span)
  }
  html += escape(text.slice(end))
  return `<p>${html.replaceAll(/\n{2,}/g, '</p><p>').replaceAll('\n', '<br>')}</p>`
}

function titleOf({ title, content }: FeedEntry): string {
  const [line = ''] = content.text.split('\n')
  const short =
    line.length <= longestTitle ? line : `${line.slice(0, longestTitle - 1).replace(/[\ud800-\udbff]$/, '')}…`
  return escape(title ?? short)
}

function element(name: string, content: string | readonly string[]): string {
  return `<${name}>${typeof content === 'string' ? content : content.join('')}</${name}>`
}

/** Also leaves out what no XML may have. */
function escape(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
