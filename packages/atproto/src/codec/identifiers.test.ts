import { readFileSync } from 'node:fs'
import { SimulatedClock } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import {
  cidOf,
  createTidGenerator,
  decodeMultibase,
  encodeMultibase,
  formatDidKey,
  formatTid,
  isBlockOf,
  isTid,
  parseCid,
  parseDidKey,
  parseTid,
  readCid,
} from './index.ts'

describe('multibase', () => {
  it('gives back what it encoded, in every base', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('base58btc', 'base32', 'base16', 'base64url'),
        fc.uint8Array({ maxLength: 80 }),
        (base, bytes) => {
          expect(decodeMultibase(encodeMultibase(base, bytes))).toEqual(bytes)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([
    ['nothing', ''],
    ['an unknown base', 'Qabc'],
    ['a foreign character', 'z0'],
    ['a character beyond ASCII', 'zü'],
    ['bits that are left over', 'bb7'],
    ['a half byte', 'fabc'],
    ['padding', 'uAQ=='],
    ['too much base58', `z${'1'.repeat(300)}`],
  ])('refuses %s', (_, text) => {
    expect(() => decodeMultibase(text)).toThrow(expect.objectContaining({ code: 'ATPROTO_MULTIBASE_INVALID' }))
  })

  it('keeps leading zeros in base58', () => expect(encodeMultibase('base58btc', Uint8Array.of(0, 0, 1))).toBe('z112'))
})

describe('CID', () => {
  const cid = cidOf('raw', new TextEncoder().encode('hello'))

  it('knows its codec, digest and block', () => {
    expect(String(cid)).toBe('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
    expect([cid.codec, cid.digest.length]).toEqual(['raw', 32])
    expect(isBlockOf(cid, new TextEncoder().encode('hello'))).toBe(true)
    expect(isBlockOf(cid, new TextEncoder().encode('hallo'))).toBe(false)
  })

  it.each([
    ['another base', 'zdj7WWeQ43G6JJvLWQWZpyHuAMq6uYWRjkBXFad11vE2LHhQ7'],
    ['dag-pb', 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'],
    ['upper case', String(cid).toUpperCase()],
    ['one character more', `${String(cid)}a`],
    ['a foreign character', `${String(cid).slice(0, -1)}1`],
  ])('refuses %s', (_, text) => {
    expect(() => parseCid(text)).toThrow(expect.objectContaining({ code: 'ATPROTO_CID_INVALID' }))
  })

  it('refuses bytes of another length', () => expect(() => readCid(cid.bytes.slice(1))).toThrow(/35 bytes/))
})

describe('TID', () => {
  it('sorts as its time does', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(2 ** 20), fc.nat(1023), (left, more, clockId) => {
        const [first, second] = [left, left + more + 1].map((microseconds) =>
          formatTid({ microseconds: microseconds * 1e6, clockId }),
        )
        expect(first! < second!).toBe(true)
        expect(parseTid(first!)).toEqual({ microseconds: left * 1e6, clockId })
      }),
      { numRuns: 200 },
    )
  })

  it('refuses parts out of range', () => {
    expect(() => formatTid({ microseconds: -1, clockId: 0 })).toThrow(/TID/)
    expect(() => formatTid({ microseconds: 1, clockId: 1024 })).toThrow(/TID/)
    expect(() => parseTid('zzzzzzzzzzzzz')).toThrow(/TID/)
  })

  it('only ever goes up, when the clock stands still, when it is set back and after another', () => {
    const clock = new SimulatedClock({ now: 1_700_000_000_000 })
    const next = createTidGenerator({ clock, clockId: 5 })
    const made = [next(), next(), next()]
    expect([...made].sort()).toEqual(made)
    expect(new Set(made).size).toBe(3)
    const later = formatTid({ microseconds: 1_800_000_000_000_000, clockId: 0 })
    expect(createTidGenerator({ clock, after: later })() > later).toBe(true)
  })
})

describe('did:key', () => {
  it.each([
    ['another method', 'did:web:example.com'],
    ['another base', 'did:key:bafy'],
    ['a foreign character', 'did:key:z0'],
    ['Ed25519', 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'],
  ])('refuses %s', (_, text) => {
    expect(() => parseDidKey(text)).toThrow(expect.objectContaining({ code: 'ATPROTO_DID_KEY_INVALID' }))
  })

  it('refuses a point that is not compressed', () => {
    expect(() => formatDidKey({ curve: 'p256', bytes: new Uint8Array(65).fill(4) })).toThrow(/compressed/)
  })
})

const shared = sharedData('atproto/interop/syntax')
it.skipIf(shared === undefined)(
  'takes the published TIDs and refuses the others (skipped where the shared data is absent)',
  () => {
    const lines = (name: string) =>
      readFileSync(`${shared}/${name}`, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
    for (const tid of lines('tid_syntax_valid.txt')) expect(formatTid(parseTid(tid))).toBe(tid)
    for (const tid of lines('tid_syntax_invalid.txt')) expect(isTid(tid), tid).toBe(false)
  },
)
