import fc from 'fast-check'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedTarget, readFeed, type FeedTarget } from '@exprsn/atproto/publish'
import { detectSpans, fromHtml } from '@exprsn/atproto/richtext'

describe('feeds that are served', () => {
  let database: Database
  let feed: FeedTarget
  beforeEach(async () => {
    database = sqliteDatabase({ path: ':memory:' })
    const self = 'https://example.com/feed'
    feed = feedTarget({
      database,
      title: 'News & <more>',
      home: 'https://example.com/',
      self,
      language: 'en',
      entries: 2,
    })
    await migrate(database, feed.migrations)
  })
  afterEach(() => database.close())

  const put = (id: string, text: string, more = {}) =>
    feed.put({
      id,
      content: { text, spans: detectSpans(text) },
      createdAt: new Date(Date.UTC(2026, 0, Number(id))),
      ...more,
    })

  it.for(['rss', 'atom', 'json'] as const)('%s: what is written is read again, hostile texts too', async (format) => {
    await put('1', 'left out')
    await put('2', 'one <script>alert(1)</script> & "two"\n\nthree \u0001\ufffe\ud800 https://example.com/x?a=1&b=2', {
      url: 'https://example.com/2',
    })
    await put('3', 'x', { title: ']]> & </title>', url: 'https://example.com/3' })
    const read = readFeed(await feed.render(format))
    expect(read).toMatchObject({ title: 'News & <more>', home: 'https://example.com/' })
    expect(read.entries.map(({ id }) => id)).toEqual(['https://example.com/3', 'https://example.com/2'])
    expect(read.entries[0]).toMatchObject({ title: ']]> & </title>', publishedAt: new Date(Date.UTC(2026, 0, 3)) })
    const { text, spans } = fromHtml(read.entries[1]!.html)
    expect(text.replaceAll(/\ufffd ?/g, '')).toBe(
      'one <script>alert(1)</script> & "two"\n\nthree https://example.com/x?a=1&b=2',
    )
    expect(spans).toMatchObject([{ uri: 'https://example.com/x?a=1&b=2' }])
  })

  it('is served with a tag, and not again to whoever has it', async () => {
    await put('1', 'one')
    const handler = feed.handler('rss')
    const first = await handler(new Request('https://example.com/feed'))
    expect(first.headers.get('content-type')).toContain('application/rss+xml')
    const etag = first.headers.get('etag')!
    const again = await handler(
      new Request('https://example.com/feed', { headers: { 'if-none-match': `"x", W/${etag}` } }),
    )
    expect(again.status).toBe(304)
    await put('1', 'edited')
    const changed = await handler(new Request('https://example.com/feed', { headers: { 'if-none-match': etag } }))
    expect(await changed.text()).toContain('edited')
    expect(await (await handler(new Request('https://example.com/feed', { method: 'HEAD' }))).text()).toBe('')
    expect((await handler(new Request('https://example.com/feed', { method: 'POST' }))).status).toBe(405)
  })
})

describe('feeds that are read', () => {
  it('RSS: identities, links, dates, and whichever text is longer', () => {
    const feed =
      readFeed(`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
      <title>News</title><link>https://example.com/</link><image><title>no</title><link>https://no.example/</link></image>
      <item><guid isPermaLink="false">g1</guid><title>A &amp; B</title><link>https://example.com/1</link>
        <description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>
        <pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate></item>
      <item><link>https://example.com/2</link><description>two</description></item>
      <item><guid>g1</guid><title>twice</title></item><item><title>nobody knows it again</title></item>
    </channel></rss>`)
    expect(feed).toMatchObject({ title: 'News', home: 'https://example.com/' })
    expect(feed.entries).toMatchObject([
      {
        id: 'g1',
        title: 'A & B',
        url: 'https://example.com/1',
        html: '<p>long</p>',
        publishedAt: new Date('2026-01-02T03:04:05Z'),
      },
      { id: 'https://example.com/2', html: 'two', title: undefined },
    ])
  })

  it('Atom: the link that is the page, and XHTML as text', () => {
    const feed = readFeed(`<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
      <link rel="self" href="https://example.com/feed"/><link href="https://example.com/"/>
      <entry><id>tag:example.com,2026:1</id><title type="html">One</title><updated>2026-01-03T00:00:00Z</updated>
        <published>2026-01-02T00:00:00Z</published><author><name>Nobody</name></author>
        <link rel="edit" href="https://example.com/edit"/><link rel="alternate" href="https://example.com/1"/>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;c&gt;</div></content></entry></feed>`)
    expect(feed.home).toBe('https://example.com/')
    expect(feed.entries[0]).toMatchObject({
      id: 'tag:example.com,2026:1',
      url: 'https://example.com/1',
      updatedAt: new Date('2026-01-03T00:00:00Z'),
    })
    expect(fromHtml(feed.entries[0]!.html).text).toBe('a b <c>')
  })

  it('JSON Feed: plain text is no HTML', () => {
    const items = [
      { id: 7, content_text: 'a <b> & c' },
      { id: 'x', content_html: '<p>x</p>', url: 'javascript:alert(1)' },
      'no item',
      { title: 'no id' },
    ]
    const feed = readFeed(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'News', items }))
    expect(feed.entries).toMatchObject([
      { id: '7', html: 'a &lt;b> &amp; c' },
      { id: 'x', url: undefined },
    ])
  })

  it.for([
    ['nothing', ''],
    ['a page', '<!doctype html><html></html>'],
    ['other XML', '<svg/>'],
    ['a document type', '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>'],
    ['what was cut off', '<rss><channel><item><title>x'],
    ['JSON of another kind', '{"a":1}'],
    ['what is no JSON', '{"version":'],
  ] as const)('refuses %s', ([, text]) => {
    expect(() => readFeed(text)).toThrow(expect.objectContaining({ code: 'ATPROTO_FEED_INVALID' }))
  })

  it('whatever is read, nothing else is thrown', () => {
    const pieces = [
      '<rss>',
      '<feed xmlns="http://www.w3.org/2005/Atom">',
      '<channel>',
      '<item>',
      '</item>',
      '<entry>',
      '<title>',
      '</title>',
      '<link href="https://e.com"/>',
      '<guid>',
      'x',
      '&amp;',
      '&x;',
      '{',
      '"items":[',
      '}',
      '<![CDATA[',
      ']]>',
      '</rss>',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        try {
          readFeed(parts.join(''))
        } catch (error) {
          expect((error as { code: string }).code).toBe('ATPROTO_FEED_INVALID')
        }
      }),
      { numRuns: 500 },
    )
  })
})
