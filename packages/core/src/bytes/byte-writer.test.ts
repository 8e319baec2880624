import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

const field = fc.oneof(
  fc.record({ type: fc.constant('uint8' as const), value: fc.integer({ min: 0, max: 0xff }) }),
  fc.record({ type: fc.constant('int8' as const), value: fc.integer({ min: -0x80, max: 0x7f }) }),
  fc.record({ type: fc.constant('uint16' as const), value: fc.integer({ min: 0, max: 0xffff }) }),
  fc.record({ type: fc.constant('int16' as const), value: fc.integer({ min: -0x8000, max: 0x7fff }) }),
  fc.record({ type: fc.constant('uint32' as const), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
  fc.record({ type: fc.constant('int32' as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
  fc.record({ type: fc.constant('float64' as const), value: fc.double() }),
  fc.record({ type: fc.constant('uint64' as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ type: fc.constant('int64' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constant('varint' as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ type: fc.constant('zigzag' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({
    type: fc.constant('cString' as const),
    value: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
  }),
)

function write(writer: ByteWriter, { type, value }: { type: string; value: unknown }): void {
  ;(writer as unknown as Record<string, (value: unknown) => void>)[type]!(value)
}

function read(reader: ByteReader, type: string): unknown {
  return (reader as unknown as Record<string, () => unknown>)[type]!()
}

describe('ByteWriter', () => {
  it.each(['big', 'little'] as const)('writes what the reader reads, %s-endian', (order) => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
        const writer = new ByteWriter({ order, capacity: 1 })
        for (const item of fields) write(writer, item)
        const reader = new ByteReader(writer.finish(), { order })
        for (const { type, value } of fields) expect(read(reader, type)).toEqual(value)
        reader.expectEnd()
      }),
      { numRuns: 200 },
    )
  })

  it('writes the bytes of the types', () => {
    const bytes = new ByteWriter().uint16(0x0102).int32(-2).uint64(3).float32(1).bytes([9, 8]).text('é').finish()
    expect([...bytes]).toEqual([1, 2, 255, 255, 255, 254, 0, 0, 0, 0, 0, 0, 0, 3, 0x3f, 0x80, 0, 0, 9, 8, 0xc3, 0xa9])
  })

  it.each([
    ['uint8', 256],
    ['uint8', -1],
    ['uint8', 1.5],
    ['int8', 128],
    ['uint16', 2 ** 16],
    ['int16', -32_769],
    ['uint32', 2 ** 32],
    ['int32', 2 ** 31],
    ['uint64', -1n],
    ['uint64', 2n ** 64n],
    ['uint64', 2 ** 53],
    ['int64', 2n ** 63n],
    ['int64', Number.NaN],
    ['varint', -1],
    ['zigzag', 2n ** 63n],
    ['cString', 'a\0b'],
  ])('%s refuses %s and stays as it was', (type, value) => {
    const writer = new ByteWriter().uint8(7)
    expect(() => write(writer, { type, value })).toThrow(expect.objectContaining({ code: 'CORE_BYTES_VALUE_INVALID' }))
    expect([...writer.finish()]).toEqual([7])
  })

  it('can be used again after a reset', () => {
    const writer = new ByteWriter({ capacity: 2 }).uint32(1)
    expect(writer.length).toBe(4)
    expect([...writer.reset().uint8(5).finish()]).toEqual([5])
  })

  it('grows from no capacity at all', () => {
    expect([...new ByteWriter({ capacity: 0 }).uint8(1).uint8(2).finish()]).toEqual([1, 2])
  })
})
