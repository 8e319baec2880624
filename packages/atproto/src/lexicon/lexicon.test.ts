import { readdirSync, readFileSync } from 'node:fs'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { describe, expect, it } from 'vitest'
import { cidOf, decodeCbor, encodeCbor, fromDataJson, type DataObject } from '../codec/index.ts'
import { verifyRepo } from '../repo/index.ts'
import { hasGraphemes } from './count-graphemes.ts'
import { sampleDocuments } from '../../test/lexicon/sample-documents.ts'
import { createLexicons, readLexicon, recordLexicons, type LexiconTypes } from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const lexicons = createLexicons(sampleDocuments)
const cid = cidOf('raw', Buffer.from('a'))
const note = { $type: 'com.example.note', text: 'hello', createdAt: '2026-11-21T00:00:00Z' }
const place = { collection: 'com.example.note' }
const issuesOf = (fields: object) => lexicons.checkRecord(place, { ...note, ...fields })

describe('records', () => {
  it.each<[string, object]>([
    ['what is required alone', {}],
    ['fields that the lexicon does not name', { extra: 1, more: { a: [1] } }],
    [
      'a field of each type',
      {
        mood: null,
        kind: 'b',
        fixed: 'always',
        count: 10,
        size: 2,
        one: 1,
        done: false,
        yes: true,
        data: Uint8Array.of(1),
        file: { $type: 'blob', ref: cid, mimeType: 'image/png', size: 100 },
        link: cid,
        any: { a: 1 },
        'odd-name': null,
        tags: ['a', 'b'],
        author: { did: 'did:web:example.com', names: ['x'] },
        self: { next: { next: { name: 'ab' } } },
        stamp: 'com.example.defs#stamp',
        open: { $type: 'com.example.note#part' },
        closed: { $type: 'com.example.note#part', name: 'ab' },
      },
    ],
    ['known values and others', { mood: 'something else' }],
    ['an open union of an unknown type', { open: { $type: 'com.example.unknown', x: 1 } }],
    ['a blob of before', { file: { cid: 'bafkreib', mimeType: 'image/jpeg' } }],
    ['ten characters of many bytes', { text: '🇩🇪🇩🇪🇩🇪' }],
  ])('takes %s', (_, fields) => {
    expect(issuesOf(fields)).toEqual([])
  })

  it.each<[string, object, string]>([
    ['/text', { text: undefined }, 'missing'],
    ['/text', { text: 7 }, 'not text'],
    ['/text', { text: '' }, 'characters'],
    ['/text', { text: 'eleven char' }, 'characters'],
    ['/text', { text: 'ü'.repeat(16) }, '30 bytes'],
    ['/createdAt', { createdAt: '2026-11-21' }, 'datetime'],
    ['/kind', { kind: 'c' }, 'a, b'],
    ['/kind', { kind: null }, 'not text'],
    ['/fixed', { fixed: 'never' }, 'always'],
    ['/count', { count: 11 }, 'more than 10'],
    ['/count', { count: -1 }, 'less than 0'],
    ['/count', { count: 1.5 }, 'whole'],
    ['/size', { size: 3 }, '1, 2'],
    ['/one', { one: 2 }, 'not 1'],
    ['/done', { done: 'yes' }, 'true nor false'],
    ['/yes', { yes: false }, 'true'],
    ['/data', { data: 'AQ==' }, 'not bytes'],
    ['/data', { data: new Uint8Array() }, 'fewer'],
    ['/data', { data: new Uint8Array(5) }, 'more'],
    ['/file', { file: { $type: 'blob', ref: String(cid), mimeType: 'image/png', size: 1 } }, 'not a blob'],
    ['/file', { file: { $type: 'blob', ref: cid, mimeType: 'video/mp4', size: 1 } }, 'video/mp4'],
    ['/file', { file: { $type: 'blob', ref: cid, mimeType: 'image/png', size: 101 } }, 'larger'],
    ['/file', { file: [] }, 'not a blob'],
    ['/link', { link: String(cid) }, 'not a link'],
    ['/any', { any: 'text' }, 'not an object'],
    ['/any', { any: cid }, 'not an object'],
    ['/odd-name', { 'odd-name': 1 }, 'not null'],
    ['/tags', { tags: 'a' }, 'not a list'],
    ['/tags', { tags: [] }, 'fewer'],
    ['/tags', { tags: ['a', 'b', 'c'] }, 'more'],
    ['/tags/1', { tags: ['a', 'longer'] }, '5 bytes'],
    ['/author', { author: [] }, 'not an object'],
    ['/author/did', { author: {} }, 'missing'],
    ['/author/did', { author: { did: 'nobody' } }, 'did'],
    ['/author/names/0', { author: { did: 'did:web:a', names: [1] } }, 'not text'],
    ['/self/next/next/name', { self: { next: { next: { name: 'a' } } } }, 'fewer than 2'],
    ['/stamp', { stamp: 1 }, 'not text'],
    ['/foreign', { foreign: {} }, 'unknown'],
    ['/open', { open: {} }, '$type'],
    ['/open/name', { open: { $type: 'com.example.note#part', name: '' } }, 'fewer'],
    ['/closed', { closed: { $type: 'com.example.defs#author', did: 'did:web:a' } }, 'none of those'],
  ])('S14: refuses %s with %o', (path, fields, reason) => {
    expect(issuesOf(fields)).toEqual([{ path, reason: expect.stringContaining(reason) }])
  })

  it('wants the $type of the collection, and an object', () => {
    expect(lexicons.checkRecord(place, { ...note, $type: 'other' })).toEqual([
      { path: '/$type', reason: 'it is not com.example.note' },
    ])
    for (const value of [null, [], 'text', cid, new Uint8Array()])
      expect(lexicons.checkRecord(place, value).map(({ path }) => path)).toEqual(['/$type', ''])
  })

  it('does not take what an object inherits for data', () => {
    const inherited = Object.create({ text: 'hello' }) as object
    expect(lexicons.checkRecord(place, Object.assign(inherited, { ...note, text: undefined }))).toHaveLength(1)
    expect(issuesOf(JSON.parse('{"__proto__": {"kind": "c"}}'))).toEqual([])
  })

  it('names at most 20 issues, and ends on what is deep', () => {
    expect(
      issuesOf({
        tags: ['toolong', 'toolong'],
        author: { did: 'did:web:a', names: Array.from({ length: 50 }, () => 1) },
      }),
    ).toHaveLength(20)
    let self: object = {}
    for (let depth = 0; depth < 10_000; depth++) self = { next: self }
    expect(issuesOf({ self })[0]?.reason).toMatch(/deeper/)
  })

  it('throws the first of them', () => {
    expect(() => lexicons.assertRecord(place, { ...note, count: 11, kind: 'c' })).toThrow(
      expect.objectContaining({ code: 'ATPROTO_RECORD_INVALID', message: expect.stringContaining('/kind') }),
    )
    expect(() => lexicons.assertRecord(place, note)).not.toThrow()
    expect(() => lexicons.assertRecord({ collection: 'com.example.none' }, note)).toThrow(
      code('ATPROTO_LEXICON_UNKNOWN'),
    )
    expect(() => lexicons.checkRecord({ collection: 'com.example.get' }, note)).toThrow(code('ATPROTO_LEXICON_UNKNOWN'))
  })

  it.each([
    ['tid', '3jui7kd54zh2y', 'self'],
    ['nsid', 'com.example.note', 'note'],
    ['literal:self', 'self', 'other'],
    ['any', 'any:thing~', 'a/b'],
    [undefined, 'any', '..'],
  ])('checks keys of the kind %s', (key, right, wrong) => {
    const document = {
      ...sampleDocuments[0]!,
      defs: { main: { type: 'record', key, record: { type: 'object' } } },
    } as const
    const keyed = createLexicons([document as never])
    expect(keyed.checkRecord({ ...place, rkey: right }, note)).toEqual([])
    expect(keyed.checkRecord({ ...place, rkey: wrong }, note)).toHaveLength(1)
  })
})

describe('single values', () => {
  it('are checked by the name of their definition', () => {
    expect(lexicons.checkValue('com.example.note#part', { name: 'a' })).toHaveLength(1)
    expect(lexicons.checkValue('com.example.note', note)).toEqual([])
    expect(lexicons.checkValue('com.example.get', {})[0]?.reason).toMatch(/query/)
    expect(() => lexicons.checkValue('com.example.note#none', {})).toThrow(code('ATPROTO_LEXICON_UNKNOWN'))
    expect(lexicons.describes('com.example.note')).toBe(true)
    expect(lexicons.describes('com.example.get')).toBe(false)
    expect(lexicons.ids).toHaveLength(sampleDocuments.length)
  })

  it('counts characters as people do', () => {
    expect(hasGraphemes('👨‍👩‍👧‍👦', 1, 1)).toBe(true)
    expect(hasGraphemes('👨‍👩‍👧‍👦', 2, 9)).toBe(false)
    expect(hasGraphemes('', 1, 9)).toBe(false)
    expect(hasGraphemes('ab', 0, 1)).toBe(false)
  })
})

describe('documents', () => {
  it.each<[string, unknown]>([
    ['/lexicon', null],
    ['/lexicon', { lexicon: 2 }],
    ['/id', { lexicon: 1, id: 'note', defs: {} }],
    ['/defs', { lexicon: 1, id: 'com.example.note' }],
    ...(
      [
        ['/defs/main', 7],
        ['/defs/main', {}],
        ['/defs/main', { type: 'other' }],
        ['/defs/main/key', { type: 'record', key: 'other', record: { type: 'object' } }],
        ['/defs/main/record', { type: 'record', record: { type: 'string' } }],
        ['/defs/main/parameters', { type: 'query', parameters: { type: 'object' } }],
        ['/defs/main/output', { type: 'query', output: {} }],
        ['/defs/main/output', { type: 'query', output: 'x' }],
        ['/defs/main/output/schema', { type: 'query', output: { encoding: 'a/b', schema: 1 } }],
        ['/defs/main/properties', { type: 'object', properties: [] }],
        ['/defs/main/required', { type: 'object', required: 'a' }],
        ['/defs/main/nullable', { type: 'object', nullable: [1] }],
        ['/defs/main/properties/a', { type: 'object', properties: { a: { type: 'x' } } }],
        ['/defs/main/items', { type: 'array' }],
        ['/defs/main/maxLength', { type: 'string', maxLength: 1.5 }],
        ['/defs/main/properties/a/ref', { type: 'object', properties: { a: { type: 'ref', ref: 'x' } } }],
        ['/defs/main/properties/a/ref', { type: 'object', properties: { a: { type: 'ref' } } }],
        ['/defs/main/properties/a/refs', { type: 'object', properties: { a: { type: 'union', refs: ['#'] } } }],
        ['/defs/main/properties/a/refs', { type: 'object', properties: { a: { type: 'union' } } }],
      ] as const
    ).map(([path, main]): [string, unknown] => [path, { lexicon: 1, id: 'com.example.note', defs: { main } }]),
  ])('are refused at %s: %o', (path, json) => {
    expect(() => readLexicon(json)).toThrow(
      expect.objectContaining({ code: 'ATPROTO_LEXICON_INVALID', details: expect.objectContaining({ path }) }),
    )
  })

  it('are refused when they are too deep', () => {
    let schema: object = { type: 'string' }
    for (let depth = 0; depth < 1000; depth++) schema = { type: 'array', items: schema }
    expect(() => createLexicons([{ lexicon: 1, id: 'com.example.deep', defs: { main: schema } } as never])).toThrow(
      /too deep/,
    )
  })
})

describe('the lexicons of the network', () => {
  const network = createLexicons(recordLexicons)

  it('check posts, with types for them', () => {
    const post: LexiconTypes['app.bsky.feed.post'] = {
      $type: 'app.bsky.feed.post',
      text: 'hello #world',
      createdAt: '2026-11-21T00:00:00Z',
      langs: ['en'],
      facets: [
        { index: { byteStart: 6, byteEnd: 12 }, features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'world' }] },
      ],
      embed: {
        $type: 'app.bsky.embed.external',
        external: { uri: 'https://example.com', title: 'A', description: '' },
      },
    }
    const collection = 'app.bsky.feed.post'
    expect(network.checkRecord({ collection, rkey: '3jui7kd54zh2y' }, post)).toEqual([])
    expect(network.checkRecord({ collection }, { ...post, text: 'a'.repeat(301) })).toHaveLength(1)
    expect(network.checkRecord({ collection }, { ...post, embed: { ...post.embed, external: {} } })).toHaveLength(3)
    expect(network.checkRecord({ collection, rkey: 'self' }, post)).toHaveLength(1)
  })

  it('know every collection that the verification records and profiles are in', () => {
    for (const name of [
      'app.bsky.actor.profile',
      'app.bsky.graph.verification',
      'app.bsky.graph.follow',
      'com.atproto.lexicon.schema',
    ])
      expect(network.describes(name)).toBe(true)
    expect(network.ids.length).toBeGreaterThan(25)
  })
})

const shared = sharedData('atproto')
describe.skipIf(shared === undefined)('the published vectors (skipped where the shared data is absent)', () => {
  const read = (name: string) => JSON.parse(readFileSync(`${shared}/interop/lexicon/${name}`, 'utf8'))
  interface Vector {
    readonly name: string
    readonly data?: unknown
    readonly lexicon?: unknown
  }

  it('judges documents as published', () => {
    for (const { lexicon, name } of read('lexicon-valid.json') as Vector[])
      expect(() => readLexicon(lexicon), name).not.toThrow()
    for (const { lexicon, name } of read('lexicon-invalid.dev.json') as Vector[])
      expect(() => readLexicon(lexicon), name).toThrow(code('ATPROTO_LEXICON_INVALID'))
  })

  const catalog =
    shared === undefined ? [] : readdirSync(`${shared}/interop/lexicon/catalog`).map((name) => read(`catalog/${name}`))
  const published = createLexicons(catalog)

  it('judges records as published', () => {
    const rightness = (data: unknown): boolean => {
      try {
        return (
          published.checkRecord({ collection: 'example.lexicon.record', rkey: 'demo' }, fromDataJson(data)).length === 0
        )
      } catch (error) {
        // What is not even of the data model is refused before.
        return (error as { code?: string }).code !== 'ATPROTO_JSON_INVALID'
      }
    }
    for (const { data, name } of read('record-data-valid.json') as Vector[]) expect(rightness(data), name).toBe(true)
    for (const { data, name } of read('record-data-invalid.dev.json') as Vector[])
      expect(rightness(data), name).toBe(false)
  })

  it('finds nothing wrong with the records of a real repository', () => {
    const network = createLexicons(recordLexicons)
    const repo = verifyRepo(readFileSync(`${shared}/indigo/greenground.repo.car`), { signingKey: false, legacy: true })
    let checked = 0
    for (const { path, value } of repo.records()) {
      const [collection, rkey] = path.split('/') as [string, string]
      expect(network.checkRecord({ collection, rkey }, value), path).toEqual([])
      checked++
    }
    expect(checked).toBe(2)
    const post = decodeCbor(readFileSync(`${shared}/indigo/feedpost_record.cbor`)) as DataObject
    expect(network.checkRecord({ collection: 'app.bsky.feed.post' }, post)).toEqual([])
    expect(encodeCbor(post).length).toBeGreaterThan(50)
  })
})
