import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countGraphemes } from './count-graphemes.ts'
import { detectSpans } from './detect-spans.ts'
import { toFacets } from './facet.ts'
import { splitPost } from './split-post.ts'
import { utf8Length } from './utf8-length.ts'

const words = fc.constantFrom(
  'a',
  'word',
  'sentence.',
  'https://example.com/a/long/path',
  '#tag',
  '@alice.test',
  '👨‍👩‍👧',
  '🇩🇪🇫🇷',
  'e\u0301',
  '漢字',
  'x'.repeat(70),
  `https://example.com/${'y'.repeat(60)}`,
  'z\u0300\u0301\u0302\u0303\u0304',
)
const spaces = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '  ', '\u3000')
const texts = fc.array(fc.tuple(words, spaces), { maxLength: 80 }).map((all) => all.flat().join(''))
const numbering = (part: number, parts: number): string => ` (${part}/${parts})`

describe('splitPost', () => {
  it('keeps every part within its limits and loses nothing but white space', () => {
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 10, max: 60 }),
        fc.integer({ min: 20, max: 200 }),
        (text, graphemes, bytes) => {
          const parts = splitPost(text, { graphemes, bytes })
          for (const part of parts) {
            expect(countGraphemes(part.text)).toBeLessThanOrEqual(graphemes)
            expect(utf8Length(part.text)).toBeLessThanOrEqual(bytes)
            expect(part.text).toBe(part.text.trim())
            toFacets(part, { dids: new Map([['alice.test', 'did:plc:a']]) })
          }
          expect(
            parts
              .map((part) => part.text)
              .join('')
              .replace(/\s/g, ''),
          ).toBe(text.replace(/\s/g, ''))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('keeps numbered parts within them, too', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 14, max: 60 }), (text, graphemes) => {
        const parts = splitPost(text, { graphemes, bytes: 400, numbering })
        for (const [index, part] of parts.entries()) {
          expect(countGraphemes(part.text)).toBeLessThanOrEqual(graphemes)
          if (parts.length > 1) expect(part.text.endsWith(numbering(index + 1, parts.length))).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps links, mentions and tags whole when they fit, and each in one part', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parts = splitPost(text, { graphemes: 90, bytes: 900 })
        const whole = detectSpans(text).map(({ start, end }) => text.slice(start, end))
        const found = parts.flatMap((part) => part.spans.map(({ start, end }) => part.text.slice(start, end)))
        expect(found).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })

  it('needs as few parts as filling each one as far as it goes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 }), (lengths) => {
        const text = lengths.map((length) => 'w'.repeat(length)).join(' ')
        let parts = 1
        let size = -1
        for (const length of lengths) {
          if (size + 1 + length > 40) {
            parts++
            size = -1
          }
          size += 1 + length
        }
        expect(splitPost(text, { graphemes: 40 }).length).toBe(parts)
      }),
      { numRuns: 300 },
    )
  })

  it('gives parts of even length, cut between sentences', () => {
    const text = 'The first sentence is here. The second one follows it. A third is next. The last ends it.'
    expect(splitPost(text, { graphemes: 60 }).map((part) => part.text)).toEqual([
      'The first sentence is here. The second one follows it.',
      'A third is next. The last ends it.',
    ])
  })

  it('leaves a short text as it is, and gives nothing for white space', () => {
    expect(splitPost('hello example.com', { numbering })).toEqual([
      { text: 'hello example.com', spans: [{ kind: 'link', start: 6, end: 17, uri: 'https://example.com' }] },
    ])
    expect(splitPost(' \n ')).toEqual([])
  })

  it('cuts a link that is longer than a post, and leaves the whole address in its first part', () => {
    const uri = `https://example.com/${'x'.repeat(400)}`
    const parts = splitPost(`see ${uri} there`)
    expect(parts.flatMap((part) => part.spans)).toEqual([expect.objectContaining({ kind: 'link', uri })])
    expect(
      parts
        .map((part) => part.text)
        .join('')
        .replaceAll(' ', ''),
    ).toBe(`see${uri}there`)
  })

  it('takes a character of more bytes than a post apart', () => {
    const text = `a${'\u0300'.repeat(2_000)}`
    const parts = splitPost(text)
    expect(parts.map((part) => part.text).join('')).toBe(text)
    for (const part of parts) expect(utf8Length(part.text)).toBeLessThanOrEqual(3_000)
  })

  it('makes room for longer numbers when there are ten parts and more', () => {
    const parts = splitPost('word '.repeat(120), { graphemes: 40, numbering })
    expect(parts.length).toBeGreaterThan(9)
    expect(parts.at(-1)!.text).toContain(`(${parts.length}/${parts.length})`)
    for (const part of parts) expect(countGraphemes(part.text)).toBeLessThanOrEqual(40)
  })

  it('refuses a numbering that leaves no room, limits of nothing, and a text without end', () => {
    const text = 'word '.repeat(100)
    expect(() => splitPost(text, { graphemes: 5, numbering })).toThrow('leaves no room')
    expect(() => splitPost(text, { graphemes: 0 })).toThrow('leaves no room')
    expect(() => splitPost(text, { maxBytes: 100 })).toThrow('longer than the 100 bytes')
  })
})

describe('countGraphemes', () => {
  it('counts as ICU does', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: 'grapheme' }),
          texts,
          fc.stringMatching(/^[\r\na]*$/),
        ),
        (text) => {
          expect(countGraphemes(text)).toBe([...segmenter.segment(text)].length)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
