import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { isTid } from '../codec/index.ts'
import {
  didMethod,
  isAtIdentifier,
  isAtUri,
  isCidText,
  isDatetime,
  isDid,
  isHandle,
  isLanguage,
  isNsid,
  isRecordKey,
  isReservedHandle,
  isUri,
  isWebUrl,
  parseAtUri,
} from './index.ts'

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  atidentifier: isAtIdentifier,
  aturi: isAtUri,
  cid: isCidText,
  datetime: isDatetime,
  did: isDid,
  handle: isHandle,
  language: isLanguage,
  nsid: isNsid,
  recordkey: isRecordKey,
  tid: isTid,
  uri: isUri,
}

const shared = sharedData('atproto/interop/syntax')
describe.skipIf(shared === undefined)('the published vectors (skipped where the shared data is absent)', () => {
  it.each(readdirSync(shared ?? '.').filter((name) => name.endsWith('.txt')))('%s', (name) => {
    const [format, , verdict] = name.replace('.txt', '').split('_')
    const lines = readFileSync(`${shared}/${name}`, 'utf8').split('\n')
    const texts = lines.filter((line) => line !== '' && !line.startsWith('#'))
    expect(texts.length).toBeGreaterThan(3)
    for (const text of texts) expect(checks[format!]!(text), text).toBe(verdict === 'valid')
  })
})

describe('handles and DIDs', () => {
  it('knows the names that nobody can have', () => {
    expect(isReservedHandle('alice.LOCAL')).toBe(true)
    expect(isReservedHandle('alice.test')).toBe(false)
    expect(isReservedHandle('local.com')).toBe(false)
  })

  it('refuses handles that are too long or end in a number', () => {
    expect(isHandle(`${'a'.repeat(60)}.`.repeat(4) + 'example')).toBe(true)
    expect(isHandle(`${'a'.repeat(60)}.`.repeat(5) + 'example')).toBe(false)
    expect(isHandle('10.0.0.1')).toBe(false)
  })

  it('tells the method of a DID', () => {
    expect(didMethod('did:web:example.com')).toBe('web')
    expect(isDid(`did:web:${'a'.repeat(2100)}`)).toBe(false)
  })
})

describe('at:// URIs', () => {
  it('takes them apart', () => {
    expect(parseAtUri('at://did:plc:asdf123/com.example.note/self')).toEqual({
      authority: 'did:plc:asdf123',
      collection: 'com.example.note',
      rkey: 'self',
    })
    expect(parseAtUri('at://alice.example').collection).toBeUndefined()
  })

  it.each([
    'https://alice.example',
    'at://',
    'at://alice',
    'at://alice.example/',
    'at://alice.example/note',
    'at://alice.example/com.example.note/',
    'at://alice.example/com.example.note/..',
    'at://alice.example/com.example.note/a/b',
    'at://alice.example/com.example.note?a=b',
    `at://alice.example/com.example.note/${'a'.repeat(513)}`,
    `at://did:plc:${'a'.repeat(9000)}`,
  ])('refuses %.60s', (text) => {
    expect(() => parseAtUri(text)).toThrow(expect.objectContaining({ code: 'ATPROTO_SYNTAX_INVALID' }))
  })
})

describe('dates', () => {
  it.each([
    '1985-04-12',
    '1985-04-12T23:20Z',
    '1985-04-12T23:20:50',
    '1985-04-12t23:20:50Z',
    '1985-04-12T23:20:50z',
    '1985-04-12 23:20:50Z',
    '1985-04-12T23:20:50-00:00',
    '1985-04-12T23:20:50+24:00',
    '1985-04-12T23:20:50+01:60',
    '1985-04-12T24:00:00Z',
    '1985-04-12T23:60:00Z',
    '1985-04-12T23:59:60Z',
    '1985-00-12T23:20:50Z',
    '1985-13-12T23:20:50Z',
    '1985-04-31T23:20:50Z',
    '1900-02-29T23:20:50Z',
    '-001985-04-12T23:20:50Z',
    `1985-04-12T23:20:50.${'1'.repeat(60)}Z`,
    ' 1985-04-12T23:20:50Z',
    '1985-04-12T23:20:50Z\n',
  ])('refuses %j', (text) => {
    expect(isDatetime(text)).toBe(false)
  })

  it('takes every instant that Date writes, and leap days', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
        expect(isDatetime(date.toISOString())).toBe(true)
      }),
      { numRuns: 200 },
    )
    expect(isDatetime('2000-02-29T00:00:00Z')).toBe(true)
  })
})

describe('languages', () => {
  it.each(['', 'e', 'englishlanguage', 'en_US', 'en-', 'de-1996-1996', 'en-a-bb-a-cc', 'x-', 'a'.repeat(200)])(
    'refuses %j',
    (text) => {
      expect(isLanguage(text)).toBe(false)
    },
  )

  it('agrees with Intl on what it takes, for tags made of sensible parts', () => {
    const part = fc.constantFrom('Latn', 'US', '419', 'rozaj', '1901', 'u', 'co', 'phonebk', 'x')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const tag = ['en', ...parts].join('-')
        if (!isLanguage(tag)) return
        expect(() => Intl.getCanonicalLocales(tag)).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })
})

describe('S14: what may be shown as a link', () => {
  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'https://user:pass@example.com/',
    'https://',
    'https://exa mple.com',
    'file:///etc/passwd',
    '//example.com',
  ])('refuses %s', (text) => {
    expect(isWebUrl(text)).toBe(false)
  })

  it('takes web addresses', () => {
    expect(isWebUrl('https://example.com/?a=%20#b')).toBe(true)
    expect(isWebUrl('http://example.com')).toBe(true)
  })
})

it('answers hostile text of 100,000 characters at once', () => {
  for (const check of [...Object.values(checks), isWebUrl])
    for (const piece of ['a', 'a.', 'a-', '-', '.', 'did:a:', 'x-a-', 'at://'])
      expect(check(piece.repeat(100_000))).toBe(false)
})
