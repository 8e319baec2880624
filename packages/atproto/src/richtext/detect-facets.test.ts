import { RichText } from '@atproto/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectFacets } from './detect-facets.ts'
import { detectSpans } from './detect-spans.ts'
import { toFacets } from './facet.ts'

const pieces = [
  '@alice.test',
  '@bob.example.com',
  '@x',
  '@-.a',
  '@a.com_',
  '(@c.com)',
  '#tag',
  '#a!b!!',
  '#1',
  '#1a',
  '＃全角',
  '#️⃣',
  '#',
  '#a\u200bb',
  '#\u{1F468}\u200d',
  '$ABC',
  '$abcdef',
  '$a,',
  '($Z)',
  '$A’',
  'https://example.com/a(b)',
  'https://a.b).',
  'example.com',
  'a.b.c.museum',
  'a.notatld',
  'EXAMPLE.COM',
  '(example.org)',
  '(see example.org/x),',
  'http://x',
  'HTTP://X.com',
  'é',
  '👋',
  '👨‍👩‍👧',
  ' ',
  '\n',
  '\u00a0',
  '\u3000',
  '\u2028',
  '\ufeff',
  '(',
  ')',
  '.',
  '!',
  '_',
  '-',
  'a',
  '0',
  '@',
  '$',
  '/',
  ':',
  '\ud83d',
  '한국.한국',
  'naïve.fr',
]
const texts = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(' ', '\n')), { maxLength: 30 })
  .map((all) => all.join(''))

/** What the official client finds, without what lies over another, and without what no server takes. */
function official(text: string): unknown[] {
  const client = new RichText({ text })
  client.detectFacetsWithoutResolution()
  let end = 0
  const kept: unknown[] = []
  for (const { index, features } of client.facets ?? []) {
    const { byteStart, byteEnd } = index
    const [feature] = features
    const { uri } = feature as { readonly uri?: string }
    if (byteStart < end || (uri !== undefined && /^https?:\/\/(\/|$)/.test(uri))) continue
    kept.push({ index: { byteStart, byteEnd }, features: [feature] })
    end = byteEnd
  }
  return kept
}

/** Ours with handles in the place of DIDs, as the official ones are before they are resolved. */
function ours(text: string): unknown[] {
  const spans = detectSpans(text)
  const dids = new Map(
    spans.flatMap((span) => (span.kind === 'mention' ? [[span.handle.toLowerCase(), span.handle]] : [])),
  )
  return toFacets({ text, spans }, { dids })
}

describe('detectFacets', () => {
  it('finds what the official client finds', () => {
    fc.assert(
      fc.property(texts, (text) => {
        // With a handle in two spellings both DIDs are the same here.
        fc.pre(!/(^|[\s(])http[a-z0-9]*\./.test(text))
        expect(ours(text)).toEqual(official(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it('finds it in text of any kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(ours(text)).toEqual(official(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('gives offsets in bytes', () => {
    const text = '👋 é https://example.com/ü #größe'
    const bytes = Buffer.from(text)
    expect(detectFacets(text).map(({ index }) => bytes.subarray(index.byteStart, index.byteEnd).toString())).toEqual([
      'https://example.com/ü',
      '#größe',
    ])
  })

  it('links a host whose name begins with http to itself', () => {
    expect(detectFacets('httpd.apache.org')[0]?.features).toEqual([
      { $type: 'app.bsky.richtext.facet#link', uri: 'https://httpd.apache.org' },
    ])
  })

  it('leaves a mention as text until its handle was resolved, whatever its case', () => {
    expect(detectFacets('@Alice.test')).toEqual([])
    expect(detectFacets('@Alice.test', { dids: new Map([['alice.test', 'did:plc:a']]) })[0]?.features).toEqual([
      { $type: 'app.bsky.richtext.facet#mention', did: 'did:plc:a' },
    ])
  })

  it('finds nothing that no server takes: empty URLs, tags of 65 characters, URIs of 9 kB', () => {
    expect(detectSpans(`http:// https:/// #${'x'.repeat(65)} https://example.com/${'x'.repeat(9_000)}`)).toEqual([])
  })

  it.for([
    ['S10: a tag that ends a thousand times', `#a${'!'.repeat(500_000)}a`],
    ['S10: punctuation alone', `#${'!'.repeat(500_000)}`],
    ['points', 'a.'.repeat(250_000)],
    ['brackets before links', '(a.'.repeat(150_000)],
    ['brackets before mentions', '(@a_'.repeat(120_000)],
    ['handles that never end', `@${'-'.repeat(500_000)}`],
    ['schemes', 'http://'.repeat(70_000)],
    ['tags over tags', '#a\u200b'.repeat(150_000)],
    ['closing brackets', `https://a${')'.repeat(500_000)}`],
  ])('takes time in proportion: %s', { timeout: 20_000 }, ([, text]) => {
    // Anything that looks twice at what it has seen would take hours.
    expect(detectFacets(text!).length).toBeLessThan(200_000)
  })
})

describe('toFacets', () => {
  it.for([
    [{ start: 0, end: 9 }, 'it is out of bounds'],
    [{ start: -1, end: 2 }, 'it is out of bounds'],
    [{ start: 0.5, end: 2 }, 'it is out of bounds'],
    [{ start: 2, end: 2 }, 'it is empty'],
    [{ start: 0, end: 1 }, 'it cuts a character in two'],
    [{ start: 1, end: 3 }, 'it cuts a character in two'],
  ] as const)('refuses %o: %s', ([place, reason]) => {
    const span = { kind: 'tag', tag: 'x', ...place } as const
    expect(() => toFacets({ text: '👋 hi', spans: [span] })).toThrow(reason)
  })

  it('counts bytes as they are encoded, between any two characters', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 })), (words) => {
        let text = ''
        const spans = words.map((word) => {
          const start = text.length
          text += `${word} `
          return { kind: 'tag', tag: 'x', start, end: text.length - 1 } as const
        })
        expect(toFacets({ text, spans }).map(({ index }) => [index.byteStart, index.byteEnd])).toEqual(
          spans.map(({ start, end }) => [start, end].map((at) => Buffer.byteLength(text.slice(0, at)))),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('refuses spans over one another', () => {
    const spans = [
      { kind: 'tag', tag: 'a', start: 0, end: 3 },
      { kind: 'tag', tag: 'b', start: 2, end: 4 },
    ] as const
    expect(() => toFacets({ text: 'abcdef', spans })).toThrow('begins before the end')
  })
})
