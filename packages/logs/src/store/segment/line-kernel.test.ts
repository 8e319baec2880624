import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packLines, packedRoom } from '../files/packed-lines.ts'
import { LineKernel } from './line-kernel.ts'
import { SegmentBuilder } from './segment-builder.ts'

type Added = readonly [line: string, time: number, sequence: number]

/** The file that lines become, and what was said of each, one by one or packed. */
function built(batches: readonly (readonly Uint8Array[])[], isPacked: boolean) {
  const builder = new SegmentBuilder()
  const added: Added[] = []
  let sequence = 1
  for (const [number, batch] of batches.entries()) {
    const { bytes } = packLines(batch, 2 ** 27)
    const fallbackTime = 1_000 + number
    const onAdded = (start: number, end: number, time: number, each: number): void => {
      added.push([bytes.toString('latin1', start, end), time, each])
    }
    for (let at = packedRoom; at < bytes.length;) {
      const { rows } = builder
      if (isPacked) at = builder.addPacked(bytes, at, { sequence, fallbackTime }, onAdded)
      else {
        const start = at + 4
        at = start + bytes.readUInt32LE(at)
        onAdded(start, at, builder.add(bytes, start, at, sequence, fallbackTime), sequence)
      }
      sequence += builder.rows - rows
    }
  }
  const pieces = [...builder.finish()].filter((piece) => piece !== undefined)
  return { file: Buffer.concat(pieces), added, rows: builder.rows, bytes: builder.bytes, modes: builder.modes }
}

function expectSame(...batches: readonly (readonly (string | Uint8Array)[])[]): void {
  const lines = batches.map((batch) => batch.map((line) => (typeof line === 'string' ? Buffer.from(line) : line)))
  const [packed, plain] = [built(lines, true), built(lines, false)]
  expect(packed.added).toEqual(plain.added)
  expect(packed.file.equals(plain.file)).toBe(true)
  expect([packed.rows, packed.bytes, packed.modes]).toEqual([plain.rows, plain.bytes, plain.modes])
}

/** Values as they stand in JSON, good and bad. */
const odd = [
  ...[
    '0',
    '-0',
    '-1',
    '12',
    '007',
    '-',
    '+1',
    '.5',
    '1.',
    '1.5',
    '1e3',
    '1E+3',
    '1e',
    '1e-',
    '123456789012345',
    '1234567890123456',
  ],
  ...[
    '-12345',
    '9'.repeat(400),
    'true',
    'false',
    'null',
    'nul',
    'truefalse',
    'tru',
    'NaN',
    '',
    '[]',
    '{}',
    '[1,"a",null]',
  ],
  ...[
    '""',
    '"a"',
    '"a b C"',
    '"0123456789abcdef"',
    '"Zoë"',
    '"😀"',
    String.raw`"\n\u00e9 \"q\""`,
    String.raw`"\x"`,
    String.raw`"\ud800"`,
  ],
  ...[
    '"\t"',
    '"\u0001"',
    '"unclosed',
    `"${'x'.repeat(15)}"`,
    `"${'x'.repeat(16)}"`,
    `"${'x'.repeat(17)}"`,
    `"${'long '.repeat(99)}"`,
  ],
  ...[
    '{"deep":{"er":[{"x":1},{"x":"two"}]}}',
    '1795000000000',
    '"2026-11-22T10:00:00Z"',
    '1795000000',
    '-5',
    '"1795000000000"',
  ],
]
const oddValue = fc.oneof(fc.constantFrom(...odd), fc.json(), fc.double().map(String), fc.integer().map(String))
const keys = ['a', 'time', 'msg', '@timestamp', '__proto__', 'constructor', 'é', String.raw`\u0061`, '', 'a']
const object = fc
  .array(fc.tuple(fc.constantFrom(...keys), oddValue), { maxLength: 7 })
  .map((fields) => `{${fields.map(([key, value]) => `"${key}":${value}`).join(',')}}`)
/** Lines of few forms, so that most are of one that is known. */
const alike = fc
  .tuple(
    fc.constantFrom(
      '{"time":1795#,"level":30,"msg":"#"}',
      '{"msg":"#","n":#}',
      '{ "time" : "#", "a":[#,#], "b":{"c":#} }',
    ),
    fc.array(fc.constantFrom('1', '20', '-3', '4.5', 'null', 'x', 'a b', 'é', '\\n', '"', '', 'Error 17'), {
      minLength: 4,
      maxLength: 4,
    }),
  )
  .map(([form, values]) => values.reduce<string>((line, value) => line.replace('#', () => value), form))
const line: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: alike },
  { weight: 2, arbitrary: object },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
)

describe('packed lines become what each of them becomes', () => {
  it('of a few forms, and odd ones between them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 60 }), { maxLength: 3 }), (batches) => expectSame(...batches)),
      { numRuns: 250 },
    )
  })

  it('with one byte of a good line replaced, removed or doubled', () => {
    const good =
      '{"time":1795000000123,"level":-30,"x":1.5e-3,"ok":false,"no":null,"msg":"request 17 of w5 ended","id":"00ff00ff"}'
    const bytes = Buffer.from(good)
    const spoilt: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at++) {
      for (const byte of [0x00, 0x1f, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x5c, 0x65, 0x7d, 0x80, 0xc3, 0xff])
        spoilt.push(Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at + 1)]))
      spoilt.push(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))
      spoilt.push(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + 1), bytes.subarray(at)]))
      spoilt.push(bytes.subarray(0, at))
    }
    expectSame([good, ...spoilt.flatMap((each) => [each, good])])
  })

  it('with each of the odd values in it', () => {
    expectSame(
      odd.flatMap((value) => [
        '{"v":1,"time":1795000000000}',
        `{"v":${value},"time":1795000000000}`,
        `{"v":2,"time":${value}}`,
      ]),
    )
    expectSame(
      ['{"v":1}', '{"v":2}'],
      odd.map((value) => `{"v":${value}}`),
    )
  })

  it('with integers of as many digits as a column takes, and more', () => {
    for (const value of ['123456789012345', '-123456789012345', '1234567890123456', '-0', '00', '1.0'])
      expectSame(['{"v":1}', '{"v":2}', `{"v":${value}}`, '{"v":3}'], ['{"v":4}', `{"v":${value}}`, `{"v":${value}}`])
  })

  it('in more forms than are known at once, with more values and columns, and longer ones', () => {
    const wide = (fields: number, seed: number) =>
      `{${Array.from({ length: fields }, (_, index) => `"${seed}k${index}":${index}`).join(',')}}`
    const forms = Array.from({ length: 150 }, (_, seed) => wide(3 + (seed % 40), seed))
    const spaced = Array.from({ length: 200 }, (_, seed) => `{"a":${' '.repeat(seed)}1}`)
    const array = (length: number) => `{"a":[${Array.from({ length }, (_, index) => index).join(',')}]}`
    const long = `{"${'k'.repeat(70_000)}":1}`
    expectSame(
      [...forms, ...forms, ...forms.toReversed()],
      [...[63, 64, 65, 256, 257].flatMap((count) => [wide(count, 99), wide(count, 99)]), ...forms],
      [3, 4, 5, 200].flatMap((length) => [array(length), array(length), array(length)]),
      [...spaced, ...spaced.toReversed(), ...spaced],
      [long, long, forms[0]!, long],
    )
  })

  it('in lines of many megabytes, and short ones beside them', () => {
    const large = `{"msg":"${'word '.repeat(2_100_000)}"}`
    const short = '{"msg":"short"}'
    expectSame([short, short, large, short, large, short])
    const half = `{"msg":"${'x'.repeat(200_000)}"}`
    expectSame(Array.from({ length: 60 }, () => half))
  })

  it('in more lines than a block has rows', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      index % 5 === 0
        ? `{"time":${1_795_000_000_000 + index * 37},"service":"s${index % 300}","msg":"Größe ${index}"}`
        : `{"time":${1_795_000_000_000 + index * 37},"took":${index % 7},"msg":"request ${index}"}`,
    )
    expectSame(lines.slice(0, 3), lines.slice(3, 9_000), lines.slice(9_000))
  })

  it('some hundred at a time, so that others can have their turn between', () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `{"n":${index}}`)
    const { bytes } = packLines(lines, 100)
    const builder = new SegmentBuilder()
    const rows: number[] = []
    for (let at = packedRoom; at < bytes.length; rows.push(builder.rows))
      at = builder.addPacked(bytes, at, { sequence: builder.rows + 1, fallbackTime: 0 })
    expect(rows).toEqual([512, 1_024, 1_536, 2_000])
  })

  it('in two builders that take turns', () => {
    const lines = [Buffer.from('{"a":1,"b":"x"}'), Buffer.from('{"b":"y","a":2}'), Buffer.from('{"a":3,"b":"z"}')]
    const builders = [new SegmentBuilder(), new SegmentBuilder()]
    for (let turn = 0; turn < 3; turn++)
      for (const [number, builder] of builders.entries()) {
        const { bytes } = packLines(number === 0 ? lines : lines.toReversed(), 1_000)
        builder.addPacked(bytes, packedRoom, { sequence: turn * 3 + 1, fallbackTime: 0 })
      }
    for (const [number, builder] of builders.entries()) {
      const batch = number === 0 ? lines : lines.toReversed()
      const plain = new SegmentBuilder()
      for (let index = 0; index < 9; index++) {
        const each = batch[index % 3]!
        plain.add(each, 0, each.length, index + 1, 0)
      }
      expect(Buffer.concat([...builder.finish()].filter((piece) => piece !== undefined))).toEqual(
        Buffer.concat([...plain.finish()].filter((piece) => piece !== undefined)),
      )
    }
  })

  it('one by one where the machine has no WebAssembly', () => {
    expect(LineKernel.create('')).toBeUndefined()
  })
})
