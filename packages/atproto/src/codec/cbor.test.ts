import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { Cid, cidOf, decodeCbor, decodeCborFirst, encodeCbor, fromDataJson, parseCid, toDataJson } from './index.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const link = 'd82a58250001711220'.concat('11'.repeat(32))

describe('DAG-CBOR', () => {
  it.each([
    ['a number in two bytes that fits in one', '1817', 'shortest'],
    ['a number in three bytes that fits in two', '1900ff', 'shortest'],
    ['a number in five bytes that fits in three', '1a0000ffff', 'shortest'],
    ['a number in nine bytes that fits in five', '1b00000000ffffffff', 'shortest'],
    ['a length that is not the shortest', '7801 61', 'shortest'],
    ['a number beyond 2^53 - 1', '1b0020000000000000', 'beyond 2|below -'],
    ['a number below -(2^53 - 1)', '3b001fffffffffffff', 'beyond 2|below -'],
    ['an indefinite array', '9fff', 'indefinite'],
    ['an indefinite map', 'bfff', 'indefinite'],
    ['indefinite text', '7f6161ff', 'indefinite'],
    ['a reserved length', '1c', 'indefinite'],
    ['float16', 'f93c00', 'floats'],
    ['float32', 'fa3f800000', 'floats'],
    ['float64', 'fb3ff0000000000000', 'floats'],
    ['undefined', 'f7', 'floats'],
    ['a simple value', 'f800', 'floats'],
    ['keys in the wrong order', 'a2 6162 01 6161 01', 'sorted'],
    ['a longer key before a shorter one', 'a2 626161 01 6162 01', 'sorted'],
    ['a key twice', 'a2 6161 01 6161 02', 'sorted'],
    ['a key that is a number', 'a1 01 01', 'not text'],
    ['text that is not UTF-8', '62 c328', 'UTF-8'],
    ['an overlong encoding', '62 c080', 'UTF-8'],
    ['a surrogate in UTF-8', '63 eda080', 'UTF-8'],
    ['a key that is not UTF-8', 'a1 62 c328 01', 'UTF-8'],
    ['another tag', 'c1 01', 'tag'],
    ['tag 42 in its long form', `d9002a${link.slice(4)}`, 'tag'],
    ['a link around text', 'd82a 7825 00'.concat('01711220', '11'.repeat(32)), 'link'],
    ['a link without the zero', 'd82a 5825 01'.concat('01711220', '11'.repeat(32)), 'zero'],
    ['a link that is cut', link.slice(0, -2), 'early'],
    ['a link with another codec', link.replace('0171', '0170'), 'codec'],
    ['a link with another hash', link.replace('711220', '711320'), 'SHA-256'],
    ['an identity hash', link.replace('711220', '710020'), 'SHA-256'],
    ['a link of version 0', link.replace('000171', '000071'), 'version'],
    ['text beyond the end', '6461', 'beyond'],
    ['a count of 2^32', '9b0000000100000000', 'beyond'],
    ['a map without its value', 'a1 6161', 'beyond|early'],
    ['nothing', '', 'early'],
    ['bytes behind the value', '01 01', 'follow'],
  ])('refuses %s', (_, bytes, reason) => {
    let error: unknown
    try {
      decodeCbor(hex(bytes))
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code: 'ATPROTO_CBOR_INVALID', message: expect.stringMatching(reason) })
  })

  it('S3: keys that name parts of prototypes become properties of their own', () => {
    const value = { ['__proto__']: { polluted: true }, constructor: 1, toString: 'x' }
    const input = Object.fromEntries([...Object.entries(value), ['__proto__', { polluted: true }]])
    const decoded = decodeCbor(encodeCbor(input)) as Record<string, unknown>
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
    expect(Object.keys(decoded).sort()).toEqual(['__proto__', 'constructor', 'toString'])
    expect((decoded as { polluted?: unknown }).polluted).toBeUndefined()
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('refuses bombs in less than 50 ms, without memory for what they announce', () => {
    const bombs = [
      new Uint8Array(4 << 20).fill(0x81), // nested arrays
      hex('9b001fffffffffffff'), // an array of 2^53 items
      Buffer.concat([hex('9a003fffff'), new Uint8Array(4 << 20).fill(0x80)]), // four million empty arrays
      Buffer.concat([hex('5a7fffffff'), new Uint8Array(16)]),
      new Uint8Array(6 << 20),
    ]
    for (const bomb of bombs) {
      const attempts = [1, 2, 3, 4, 5, 6, 7, 8].map(() => {
        const memory = process.memoryUsage()
        const began = process.cpuUsage()
        expect(() => decodeCbor(bomb)).toThrow(/CBOR/)
        const { user, system } = process.cpuUsage(began)
        const after = process.memoryUsage()
        const growth = after.heapUsed + after.arrayBuffers - memory.heapUsed - memory.arrayBuffers
        return { growth, duration: (user + system) / 1_000 }
      })
      // What else runs on the machine only ever adds.
      expect(Math.min(...attempts.map(({ duration }) => duration))).toBeLessThan(50)
      expect(Math.min(...attempts.map(({ growth }) => growth))).toBeLessThan(32 << 20)
    }
  })

  it('names the limit that was exceeded', () => {
    const exceeded = (limit: string) =>
      expect.objectContaining({ code: 'ATPROTO_CBOR_LIMIT', details: expect.objectContaining({ limit }) })
    expect(() => decodeCbor(hex('818180'), { maxDepth: 2 })).toThrow(exceeded('maxDepth'))
    expect(() => decodeCbor(hex('83010203'), { maxValues: 3 })).toThrow(exceeded('maxValues'))
    expect(() => decodeCbor(hex('83010203'), { maxBytes: 3 })).toThrow(exceeded('maxBytes'))
    expect(decodeCbor(hex('818180'), { maxDepth: 3 })).toEqual([[[]]])
  })

  it('reads a sequence value by value', () => {
    const bytes = Buffer.concat([encodeCbor({ op: 1 }), encodeCbor({ seq: 2 })])
    const first = decodeCborFirst(bytes)
    expect(first).toEqual({ value: { op: 1 }, end: 5 })
    expect(decodeCbor(bytes.subarray(first.end))).toEqual({ seq: 2 })
  })

  it('keeps text with replacement characters, byte order marks and long keys', () => {
    const value = { '\uFFFD': '\uFFFD', text: '\uFEFFbom', ['k'.repeat(300)]: 'ü'.repeat(100) }
    expect(decodeCbor(encodeCbor(value))).toEqual(value)
  })

  it('reads text of every length, with a character of any width anywhere in it', () => {
    for (let length = 0; length < 40; length++) {
      const ascii = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2).slice(0, length)
      expect(decodeCbor(encodeCbor(ascii))).toBe(ascii)
      for (const character of ['\x7f', 'é', '—', '👋']) {
        for (let at = 0; at <= length; at++) {
          const text = ascii.slice(0, at) + character + ascii.slice(at)
          expect(decodeCbor(encodeCbor(text))).toBe(text)
        }
      }
    }
  })

  it.each([
    ['that is short', 'app.bsky.feed.post'],
    ['that is longer than any that is kept', `com.example.${'x'.repeat(40)}`],
    ['beyond ASCII', 'größe'],
    ['with a replacement character', 'a\uFFFD'],
    ['that is a number', 1],
    ['that is a map', { $type: 'inner' }],
    ['named __proto__', '__proto__'],
  ])('reads a $type %s', (_, $type) => {
    const bytes = encodeCbor({ $type })
    expect(decodeCbor(bytes)).toStrictEqual({ $type })
    expect(decodeCbor(bytes)).toStrictEqual({ $type })
    for (let end = 1; end < bytes.length; end++) {
      expect(() => decodeCbor(bytes.subarray(0, end))).toThrow(/ends early|goes beyond the end/)
    }
    expect(() => decodeCbor(bytes, { maxValues: 1 })).toThrow('maxValues')
  })

  it('refuses a $type that is not UTF-8', () => {
    expect(() => decodeCbor(hex('a1 652474797065 62 c328'))).toThrow('UTF-8')
  })

  it('gives back what it encoded, and encodes what it decoded to the same bytes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeCbor(value)
        const decoded = decodeCbor(bytes)
        expect(toDataJson(decoded)).toEqual(toDataJson(value as never))
        expect(encodeCbor(decoded)).toEqual(bytes)
      }),
      { numRuns: 200 },
    )
  })

  it('accepts mutated bytes only when they are the canonical form of something', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(255), (value, position, byte) => {
        const bytes = encodeCbor(value)
        bytes[position % bytes.length] = byte
        let decoded
        try {
          decoded = decodeCbor(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^ATPROTO_CBOR_/) })
          return
        }
        expect(encodeCbor(decoded)).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a float', { a: [1, 1.5] }, '/a/1'],
    ['a number beyond 2^53', { a: 2 ** 53 }, '/a'],
    ['a lone surrogate', { text: 'a\uD800' }, '/text'],
    ['a function', { a: () => 1 }, '/a'],
    ['a bigint', [1n], '/0'],
    ['a Date', { at: new Date(0) }, '/at'],
    ['undefined in an array', [undefined], '/0'],
  ])('does not encode %s', (_, value, path) => {
    expect(() => encodeCbor(value)).toThrow(
      expect.objectContaining({ code: 'ATPROTO_VALUE_UNENCODABLE', details: expect.objectContaining({ path }) }),
    )
  })

  it('does not follow a cycle', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(() => encodeCbor(cycle)).toThrow(expect.objectContaining({ code: 'ATPROTO_VALUE_UNENCODABLE' }))
  })

  it('leaves out what is undefined', () => {
    expect(encodeCbor({ a: 1, b: undefined })).toEqual(encodeCbor({ a: 1 }))
  })
})

const shared = sharedData('atproto/interop/data-model')
describe.skipIf(shared === undefined)(
  'the published data model vectors (skipped where the shared data is absent)',
  () => {
    const fixtures = (name: string) => JSON.parse(readFileSync(`${shared}/${name}`, 'utf8'))

    it('gives the published bytes and CIDs', () => {
      for (const { json, cbor_base64: base64, cid } of fixtures('data-model-fixtures.json')) {
        const bytes = encodeCbor(fromDataJson(json))
        expect(Buffer.from(bytes)).toEqual(Buffer.from(base64, 'base64'))
        expect(String(cidOf('dag-cbor', bytes))).toBe(cid)
        expect(toDataJson(decodeCbor(bytes))).toEqual(json)
      }
    })

    it('accepts the valid', () => {
      for (const { json, note } of fixtures('data-model-valid.json'))
        expect(toDataJson(fromDataJson(json)), note).toEqual(json)
    })

    it('refuses the invalid', () => {
      for (const { json, note } of fixtures('data-model-invalid.dev.json')) {
        if (typeof json !== 'object') continue // that a record is a map is a rule of records: see verifyRepo
        expect(() => fromDataJson(json), note).toThrow(expect.objectContaining({ code: 'ATPROTO_JSON_INVALID' }))
      }
    })
  },
)

describe('the JSON of the data model', () => {
  it.each([
    ['a float', { a: 1.5 }, '/a'],
    ['a link with other fields', { a: { $link: 'x', b: 1 } }, '/a'],
    ['a link that is no text', { a: { $link: 1 } }, '/a'],
    ['bytes that are not base64', { a: { $bytes: '*' } }, '/a'],
    ['bytes that are no text', { a: { $bytes: 1 } }, '/a'],
    [
      'a blob without a size',
      { $type: 'blob', ref: { $link: String(cidOf('raw', new Uint8Array())) }, mimeType: 'a/b' },
      '/',
    ],
    ['a blob without a type', { $type: 'blob', ref: { $link: String(cidOf('raw', new Uint8Array())) }, size: 1 }, '/'],
    ['undefined', { a: undefined }, '/a'],
  ])('refuses %s and says where', (_, json, path) => {
    expect(() => fromDataJson(json)).toThrow(expect.objectContaining({ details: expect.objectContaining({ path }) }))
  })

  it('refuses to go deeper than 64 levels', () => {
    let json: unknown = 1
    for (let depth = 0; depth < 65; depth++) json = [json]
    expect(() => fromDataJson(json)).toThrow(/deeper/)
  })

  it('keeps a key named __proto__ as data', () => {
    const value = fromDataJson(JSON.parse('{"__proto__":{"a":1}}'))
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(JSON.stringify(toDataJson(value))).toBe('{"__proto__":{"a":1}}')
  })
})

const cids = fc.uint8Array({ maxLength: 8 }).map((bytes) => cidOf('dag-cbor', bytes))
const { values } = fc.letrec<{ values: unknown }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 300 }),
    cids,
    fc.array(tie('values'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 10 }), tie('values'), { maxKeys: 30 }),
  ),
}))

it('a parsed CID is a Cid', () => expect(parseCid(String(cidOf('raw', new Uint8Array())))).toBeInstanceOf(Cid))
