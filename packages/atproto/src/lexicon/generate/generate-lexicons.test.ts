import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cidOf } from '../../codec/index.ts'
import { createLexicons } from '../create-lexicons.ts'
import { generateLexicons } from './generate-lexicons.ts'
import { sampleDocuments } from '../../../test/lexicon/sample-documents.ts'
import { lexiconSchemas, type LexiconTypes } from '../../../test/fixtures/sample-lexicons.ts'

/** What is left when layout does not count. */
const bare = (source: string): string => source.replaceAll(/[\s,;()|]|['"]|\\(?=')/g, '')

describe('what is written', () => {
  it('is the committed sample, which the compiler checks', () => {
    const committed = readFileSync(new URL('../../../test/fixtures/sample-lexicons.ts', import.meta.url), 'utf8')
    expect(bare(generateLexicons(sampleDocuments, { zod: true }))).toBe(bare(committed))
  })

  it('has no zod and no comments unless asked for', () => {
    const source = generateLexicons(sampleDocuments, { descriptions: false })
    expect(source).not.toMatch(/zod|What it says/)
    expect(source).toContain("readonly 'com.example.note': {")
  })

  it('lets no text of a lexicon become code', () => {
    const evil = "x', evil: (globalThis.pwned = 1), y: '*/ globalThis.pwned = 1 /*\n"
    const main = {
      type: 'object',
      description: evil,
      properties: { [evil]: { type: 'string', const: evil, description: evil } },
    }
    const source = generateLexicons([{ lexicon: 1, id: 'com.example.evil', defs: { main } }], { zod: true })
    // Outside of literals and comments nothing of it is left.
    expect(source.replaceAll(/'(?:[^'\\\n]|\\.)*'|\/\*[^]*?\*\//g, '')).not.toContain('pwned')
  })

  it('refuses what is no lexicon', () => {
    expect(() => generateLexicons([{}])).toThrow(expect.objectContaining({ code: 'ATPROTO_LEXICON_INVALID' }))
  })
})

describe('schemas', () => {
  const note: LexiconTypes['com.example.note'] = {
    $type: 'com.example.note',
    text: 'hello',
    createdAt: '2026-11-21T00:00:00Z',
  }

  it('give typed values', () => {
    const parsed: LexiconTypes['com.example.note'] = lexiconSchemas['com.example.note'].parse({ ...note, extra: 1 })
    expect(parsed).toEqual({ ...note, extra: 1 })
  })

  it('agree with the checker on whatever stands in the fields', () => {
    const lexicons = createLexicons(sampleDocuments)
    const cid = cidOf('raw', Buffer.from('a'))
    const blob = { $type: 'blob', ref: cid, mimeType: 'image/png', size: 5 }
    const part = { $type: 'com.example.note#part' }
    const leaf = fc.constantFrom<unknown>(
      ...[
        null,
        true,
        false,
        0,
        1,
        2,
        7,
        11,
        -1,
        1.5,
        '',
        'a',
        'b',
        'always',
        'long enough text',
        '2026-11-21T00:00:00Z',
      ],
      ...[
        cid,
        blob,
        { ...blob, size: 500 },
        { ...blob, mimeType: 'video/mp4' },
        new Uint8Array(2),
        new Uint8Array(9),
        {},
        [],
      ],
      ...[['a'], ['a', 'b', 'c'], [1], { did: 'did:web:a' }, { did: 1 }, { name: 'a' }, { next: { name: 'ab' } }, part],
      ...[{ ...part, name: 'a' }, { $type: 'com.example.other' }, { $type: 'com.example.defs#author' }, 'ünïcödé 👩‍👩‍👧'],
    )
    const names = Object.keys((sampleDocuments[0]!.defs.main as { record: { properties: object } }).record.properties)
    // A definition that is not there is unknown to the checker, and any object to the schema.
    const field = fc.constantFrom('$type', ...names.filter((name) => name !== 'foreign'))
    fc.assert(
      fc.property(fc.dictionary(field, leaf, { maxKeys: 3 }), (fields) => {
        const value = { ...note, ...fields }
        const issues = lexicons.checkRecord({ collection: 'com.example.note' }, value)
        expect(lexiconSchemas['com.example.note'].safeParse(value).success).toBe(issues.length === 0)
      }),
      { numRuns: 2000 },
    )
  })
})
