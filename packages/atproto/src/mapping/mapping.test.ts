import { describe, expect, it } from 'vitest'
import { createLexicons, recordLexicons } from '../lexicon/index.ts'
import { draftText, type Mapping } from '../publish/index.ts'
import { buildRecord } from '../publish/post-record.ts'
import { anyMedia } from '../publish/publish-media.ts'
import { wantedOf } from '../publish/wanted.ts'
import { blogPosts, events, notes, products, type CalendarEvent } from './index.ts'

const createdAt = new Date('2026-01-01T00:00:00.000Z')
const incoming = { uri: 'at://did:plc:example/c/k', rkey: 'k', current: undefined }

function recordsOf<Item>(mapping: Mapping<Item>, item: Item) {
  const context = { createdAt: createdAt.getTime(), dids: new Map(), reply: undefined, media: anyMedia }
  return wantedOf(mapping, item).parts.map((part) => buildRecord(part, context))
}

async function issuesOf<Item>({ source }: Mapping<Item>, item: unknown) {
  return (await source!['~standard'].validate(item)).issues?.map(
    ({ path, message }) => `${path?.map(String).join('.')} ${message}`,
  )
}

describe('blog posts', () => {
  const post = { id: 'p', title: 'Title', url: 'https://example.com/p', publishedAt: createdAt }
  it('are announced with a card', () => {
    const tagged = {
      ...post,
      summary: 'In short',
      lang: 'sv',
      tags: Array.from({ length: 9 }, (_, index) => `t${index}`),
    }
    const [record] = recordsOf(blogPosts(), tagged)
    expect(record).toMatchObject({
      text: 'Title\n\nIn short',
      langs: ['sv'],
      tags: tagged.tags.slice(0, 8),
      embed: { external: { uri: post.url, title: 'Title', description: 'In short' } },
    })
    expect(createLexicons(recordLexicons).checkRecord({ collection: 'app.bsky.feed.post' }, record!)).toEqual([])
  })

  it('are checked', async () => {
    expect(await issuesOf(blogPosts(), post)).toBeUndefined()
    expect(await issuesOf(blogPosts(), { ...post, url: 'javascript:alert(1)' })).toEqual([
      'url it is no http or https URL',
    ])
    expect(await issuesOf(blogPosts(), { ...post, publishedAt: new Date(Number.NaN) })).toEqual([
      'publishedAt it is no date',
    ])
    expect(await issuesOf(blogPosts(), { ...post, tags: [1], draft: 'yes' })).toEqual([
      'tags it is no list of texts',
      'draft it is neither true nor false',
    ])
    expect(await issuesOf(blogPosts(), {})).toHaveLength(4)
    expect(await issuesOf(blogPosts(), null)).toEqual(['undefined it is no object'])
  })
})

describe('notes', () => {
  const mapping = notes()
  it('go out and come back', () => {
    const note = { id: 'n', text: 'hello', createdAt, langs: ['sv', 'en', 'de', 'fr'] }
    const [record] = recordsOf(mapping, note)
    expect(record).toMatchObject({ text: 'hello', langs: ['sv', 'en', 'de'] })
    expect(mapping.fromRecord!(record!, { ...incoming, current: note })).toEqual({ ...note, langs: ['sv', 'en', 'de'] })
    expect(mapping.fromRecord!(record!, incoming)).toMatchObject({ id: 'k', text: 'hello', createdAt })
  })

  it.each([
    { text: '', createdAt: createdAt.toISOString() },
    { text: 'an answer', createdAt: createdAt.toISOString(), reply: {} },
    { text: 'no time', createdAt: 'nonsense' },
    { createdAt: createdAt.toISOString() },
  ])('leave %o alone', (record) => {
    expect(mapping.fromRecord!(record, incoming)).toBeUndefined()
  })
})

it('products show name and price, and go when they are no longer sold', () => {
  const lamp = { id: 'lamp', name: 'Lamp', price: '49 €', url: 'https://example.com/lamp', tags: ['light'] }
  const [record] = recordsOf(products(), lamp)
  expect(record).toMatchObject({ text: 'Lamp – 49 €', tags: ['light'], embed: { external: { title: 'Lamp – 49 €' } } })
  expect(recordsOf(products(), { id: 'x', name: 'X', description: 'Y', url: 'https://example.com' })[0]!.text).toBe(
    'X\n\nY',
  )
  expect(products().visibility!({ ...lamp, available: false })).toBe(false)
})

describe('events', () => {
  const mapping = events()
  const event: CalendarEvent = {
    id: 'e',
    name: 'Meeting',
    description: 'About it',
    createdAt,
    startsAt: new Date('2026-02-01T18:00:00.000Z'),
    endsAt: new Date('2026-02-01T20:00:00.000Z'),
    mode: 'hybrid',
    status: 'scheduled',
    url: 'https://example.com/e',
  }

  it('go out and come back equal', () => {
    const record = mapping.toRecord(event, { text: draftText }) as never
    expect(mapping.fromRecord!(record, { ...incoming, current: event })).toEqual(event)
    const plain = { id: 'p', name: 'Plain', createdAt }
    const back = mapping.fromRecord!(mapping.toRecord(plain, { text: draftText }) as never, {
      ...incoming,
      current: plain,
    })
    expect(back).toMatchObject(plain)
  })

  it('take no address that a browser would run, and no token that is none', () => {
    const record = {
      name: 'Odd',
      createdAt: createdAt.toISOString(),
      uris: [{ uri: 'javascript:alert(1)' }, { uri: 'https://example.com' }],
      mode: 'other#mode',
      startsAt: 'nonsense',
    }
    const item = mapping.fromRecord!(record, incoming)
    expect(item).toMatchObject({ id: 'k', url: 'https://example.com', mode: undefined, startsAt: undefined })
    expect(mapping.fromRecord!({ name: '' }, incoming)).toBeUndefined()
  })
})
