import { decode, encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzz } from '../../testing/fuzz/fuzz.ts'
import { fromHex, toHex } from '../hex.ts'
import { decodeMsgpack } from './decode-msgpack.ts'
import { encodeMsgpack } from './encode-msgpack.ts'
import { MsgpackExtension } from './msgpack-extension.ts'

const code = (expected: string): unknown => expect.objectContaining({ code: expected })
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.date({ min: new Date(0), max: new Date(2 ** 33 * 1_000), noInvalidDate: true }),
    fc.array(tie('tree'), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ maxLength: 10 }).filter((key) => key !== '__proto__'),
      tie('tree'),
      {
        maxKeys: 20,
        noNullPrototype: true,
      },
    ),
  ),
}))

describe('MessagePack', () => {
  it('gives back what it was given, and agrees with @msgpack/msgpack both ways', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const bytes = encodeMsgpack(value)
        expect(decodeMsgpack(bytes)).toEqual(value)
        expect(decode(bytes)).toEqual(value)
        expect(decodeMsgpack(encode(value))).toEqual(value)
        expect(toHex(bytes)).toBe(toHex(encode(value)))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [65_535, 'cdffff'],
    [65_536, 'ce00010000'],
    [2 ** 32, 'cf0000000100000000'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-129, 'd1ff7f'],
    [-32_769, 'd2ffff7fff'],
    [-(2 ** 31) - 1, 'd3ffffffff7fffffff'],
    [2n ** 64n - 1n, 'cfffffffffffffffff'],
    [-(2n ** 63n), 'd38000000000000000'],
    [1.5, 'cb3ff8000000000000'],
    [new MsgpackExtension(5, Uint8Array.of(1)), 'd40501'],
    [new MsgpackExtension(5, Uint8Array.of(1, 2, 3)), 'c70305010203'],
    [new Date(1), 'd7ff003d090000000000'],
    [new Date(1_000), 'd6ff00000001'],
    [new Date(-1), 'c70cff3b8b87c0ffffffffffffffff'],
  ])('%s is %s', (value, hex) => {
    expect(toHex(encodeMsgpack(value))).toBe(hex)
    expect(decodeMsgpack(fromHex(hex))).toEqual(value)
  })

  it('uses every width of sizes', () => {
    for (const length of [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      for (const value of [
        'x'.repeat(length),
        new Uint8Array(length),
        Array.from({ length }, () => 0),
        new MsgpackExtension(1, new Uint8Array(length)),
      ])
        expect(decodeMsgpack(encodeMsgpack(value))).toEqual(value)
      const map = new Map(Array.from({ length }, (_, index) => [index, null]))
      expect(decodeMsgpack(encodeMsgpack(map), { maps: 'map' })).toEqual(map)
    }
  })

  it('reads float 32, maps with any key, undefined as nil, and keeps nanoseconds when asked', () => {
    expect(decodeMsgpack(fromHex('ca3fc00000'))).toBe(1.5)
    expect(decodeMsgpack(fromHex('81c001'), { maps: 'map' })).toEqual(new Map([[null, 1]]))
    expect(decodeMsgpack(encodeMsgpack([undefined]))).toEqual([null])
    const raw = decodeMsgpack(fromHex('d7ff003d090000000000'), { timestamps: 'extension' })
    expect(raw).toEqual(new MsgpackExtension(-1, fromHex('003d090000000000')))
  })

  it('makes __proto__ an ordinary property', () => {
    const object = decodeMsgpack(Buffer.from('\x81\xa9__proto__\x81\xa5admin\xc3', 'latin1'))
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })

  it.each([
    ['c1', 'CORE_BYTES_FORMAT_INVALID'],
    ['', 'CORE_BYTES_TRUNCATED'],
    ['0000', 'CORE_BYTES_TRAILING'],
    ['ddffffffff', 'CORE_BYTES_TRUNCATED'],
    ['dfffffffff', 'CORE_BYTES_TRUNCATED'],
    ['a1ff', 'CORE_BYTES_TEXT_INVALID'],
    ['81c001', 'CORE_BYTES_FORMAT_INVALID'],
    ['d5ff0000', 'CORE_BYTES_FORMAT_INVALID'],
    ['c70cff3b9aca000000000000000000', 'CORE_BYTES_FORMAT_INVALID'],
    ['91'.repeat(200), 'CORE_BYTES_FORMAT_LIMIT'],
  ])('refuses %s with %s', (hex, expected) => {
    expect(() => decodeMsgpack(fromHex(hex))).toThrow(code(expected))
  })

  it('refuses to write what it cannot', () => {
    const circle: unknown[] = []
    circle.push(circle)
    expect(() => encodeMsgpack(circle)).toThrow(code('CORE_BYTES_FORMAT_LIMIT'))
    for (const value of [() => {}, Symbol('s'), new Date(Number.NaN), new WeakMap(), 2n ** 64n])
      expect(() => encodeMsgpack(value)).toThrow(code('CORE_BYTES_VALUE_INVALID'))
  })

  it('meets 5,000 mutants with typed errors', async () => {
    const corpus = [encodeMsgpack({ a: [1, -5, 2.5, 'text', new Uint8Array(3)], b: new Date(5), c: { d: null } })]
    const report = await fuzz({ corpus, dictionary: ['__proto__'], target: (bytes) => decodeMsgpack(bytes) })
    expect(report.findings).toEqual([])
    expect(report.refused).toBeGreaterThan(2_000)
  })
})
