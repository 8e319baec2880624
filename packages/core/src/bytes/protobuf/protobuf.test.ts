import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzz } from '../../testing/fuzz/fuzz.ts'
import { fromHex, toHex } from '../hex.ts'
import type { ProtobufNumber } from './protobuf-number.ts'
import { ProtobufReader } from './protobuf-reader.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

const code = (expected: string): unknown => expect.objectContaining({ code: expected })
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const kinds: readonly (readonly [ProtobufNumber, fc.Arbitrary<number | bigint>, number])[] = [
  ['int32', int32, 0],
  ['uint32', uint32, 0],
  ['sint32', int32, 0],
  ['int64', int64, 0],
  ['uint64', uint64, 0],
  ['sint64', int64, 0],
  ['fixed32', uint32, 5],
  ['sfixed32', int32, 5],
  ['fixed64', uint64, 1],
  ['sfixed64', int64, 1],
  ['double', fc.double(), 1],
  ['float', fc.float(), 5],
]

type Oracle = Record<string, (value?: unknown) => unknown>

describe('protobuf', () => {
  it.each(kinds)('%s: the bytes of @bufbuild/protobuf, and back', (type, values, wireType) => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 2 ** 29 - 1 }), (value, field) => {
        const bytes = new ProtobufWriter().number(field, type, value).finish()
        const oracle = new BinaryWriter().tag(field, wireType as WireType)
        ;(oracle as unknown as Oracle)[type]!(value)
        expect(toHex(bytes)).toBe(toHex(oracle.finish()))
        const reader = new ProtobufReader(bytes)
        expect(reader.next()).toBe(true)
        expect([reader.field, reader.wireType]).toEqual([field, wireType])
        expect(reader.number(type)).toEqual(value)
        expect(reader.next()).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it('writes texts, bytes, messages and packed numbers that @bufbuild/protobuf reads', () => {
    const bytes = new ProtobufWriter()
      .text(1, 'größe')
      .message(2, (inner) => inner.bool(1, true).bytes(2, Uint8Array.of(9)))
      .packed(3, 'sint32', [1, -1])
      .packed(4, 'int32', [])
      .finish()
    const reader = new BinaryReader(bytes)
    expect(reader.tag()).toEqual([1, WireType.LengthDelimited])
    expect(reader.string()).toBe('größe')
    expect(reader.tag()).toEqual([2, WireType.LengthDelimited])
    expect(toHex(reader.bytes())).toBe('0801120109')
    expect(reader.tag()).toEqual([3, WireType.LengthDelimited])
    expect([...reader.bytes()]).toEqual([2, 1])
    expect(reader.pos).toBe(reader.len)
  })

  it('reads messages inside messages, packed or not, and keeps unknown fields', () => {
    const unknown = new ProtobufWriter().number(77, 'fixed64', 5n).finish()
    const bytes = new ProtobufWriter()
      .message(1, (inner) => inner.text(2, 'in'))
      .packed(3, 'uint32', [1, 300])
      .number(3, 'uint32', 7)
      .raw(unknown)
      .finish()
    const seen: unknown[] = []
    const reader = new ProtobufReader(bytes)
    while (reader.next()) {
      if (reader.field === 1) {
        const inner = reader.message()
        inner.next()
        seen.push(inner.text(), inner.next())
      } else if (reader.field === 3) seen.push(...reader.numbers('uint32'))
      else seen.push(toHex(reader.raw()))
    }
    expect(seen).toEqual(['in', false, 1, 300, 7, toHex(unknown)])
  })

  it('passes over what is not read, groups too', () => {
    // Field 1 is a group that holds field 2 and another group; field 3 is 5.
    const reader = new ProtobufReader(fromHex('0b10011b20021c0c1805'))
    expect(reader.next() && reader.wireType).toBe(3)
    expect(reader.next() && reader.field).toBe(3)
    expect(reader.number('int32')).toBe(5)
  })

  it.each([
    ['00', 'CORE_BYTES_FORMAT_INVALID'],
    ['0c', 'CORE_BYTES_FORMAT_INVALID'],
    ['0f', 'CORE_BYTES_FORMAT_INVALID'],
    ['0b14', 'CORE_BYTES_FORMAT_INVALID'],
    ['0b', 'CORE_BYTES_TRUNCATED'],
    ['08', 'CORE_BYTES_TRUNCATED'],
    ['0a05', 'CORE_BYTES_TRUNCATED'],
    ['0affffffff0f', 'CORE_BYTES_FORMAT_LIMIT'],
    ['0b'.repeat(200), 'CORE_BYTES_FORMAT_LIMIT'],
    ['08ffffffffffffffffffff01', 'CORE_BYTES_VARINT_INVALID'],
  ])('refuses %s with %s', (hex, expected) => {
    const walk = (): void => {
      const reader = new ProtobufReader(fromHex(hex))
      while (reader.next());
    }
    expect(walk).toThrow(code(expected))
  })

  it('refuses the wrong type, reading twice, depth, and values that do not fit', () => {
    const reader = new ProtobufReader(fromHex('0801'))
    reader.next()
    expect(() => reader.text()).toThrow('field 1 has wire type 0, not 2')
    expect(reader.number('int32')).toBe(1)
    expect(() => reader.number('int32')).toThrow('read already')
    const nested = new ProtobufReader(fromHex('0a00'), { maximumDepth: 0 })
    nested.next()
    expect(() => nested.message()).toThrow(code('CORE_BYTES_FORMAT_LIMIT'))
    const writer = new ProtobufWriter()
    for (const write of [
      () => writer.number(0, 'int32', 1),
      () => writer.number(2 ** 29, 'int32', 1),
      () => writer.number(1, 'int32', 2 ** 31),
      () => writer.number(1, 'uint64', -1n),
      () => writer.number(1, 'fixed32', 1.5),
    ])
      expect(write).toThrow(code('CORE_BYTES_VALUE_INVALID'))
  })

  it('writes texts of every length and script, and messages that are begun while others are open', () => {
    const texts = ['', 'a', 'b'.repeat(48), 'c'.repeat(49), 'd'.repeat(200), 'é', `${'e'.repeat(47)}\u{1f600}`, '\0']
    const writer = new ProtobufWriter()
    for (const text of texts) writer.text(1, text)
    writer.message(2, (open) => {
      open.text(1, 'open')
      // Beside the open one, not in it.
      writer.message(3, (other) => other.text(1, 'other'))
      open
        .message(2, (inner) => inner.number(1, 'int64', 2n ** 40n))
        .message(2, (inner) => inner.number(1, 'int32', -1))
    })
    const read: unknown[] = []
    const reader = new ProtobufReader(writer.finish())
    while (reader.next()) {
      if (reader.field === 1) read.push(reader.text())
      else {
        const message = reader.message()
        while (message.next()) {
          if (message.field === 1) read.push(message.text())
          else {
            const inner = message.message()
            while (inner.next()) read.push(inner.number('int64'))
          }
        }
      }
    }
    expect(read).toEqual([...texts, 'other', 'open', 2n ** 40n, -1n])
  })

  it('meets 5,000 mutants with typed errors', async () => {
    const walk = (reader: ProtobufReader): void => {
      while (reader.next()) {
        if (reader.wireType !== 2) continue
        if (reader.field === 1) walk(reader.message())
        else if (reader.field === 2) reader.text()
        else reader.numbers('sint64')
      }
    }
    const corpus = [
      new ProtobufWriter()
        .message(1, (one) => one.message(1, (two) => two.text(2, 'deep').number(9, 'double', 1)))
        .packed(3, 'sint64', [1n, -5n])
        .finish(),
    ]
    const report = await fuzz({ corpus, target: (bytes) => walk(new ProtobufReader(bytes)) })
    expect(report.findings).toEqual([])
    expect(report.refused).toBeGreaterThan(1_500)
  })
})
