import { describe, expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'

const sixteen = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 + index)

describe('ByteReader', () => {
  it('reads numbers big-endian unless told', () => {
    expect(new ByteReader(sixteen).uint16()).toBe(0xf0f1)
    expect(new ByteReader(sixteen, { order: 'little' }).uint16()).toBe(0xf1f0)
    expect(new ByteReader(sixteen).int16()).toBe(0xf0f1 - 0x1_0000)
    expect(new ByteReader(sixteen).uint32()).toBe(0xf0f1_f2f3)
    expect(new ByteReader(sixteen, { order: 'little' }).uint32()).toBe(0xf3f2_f1f0)
    expect(new ByteReader(sixteen).int32()).toBe(0xf0f1_f2f3 - 2 ** 32)
    expect(new ByteReader(sixteen).uint64()).toBe(0xf0f1_f2f3_f4f5_f6f7n)
    expect(new ByteReader(sixteen, { order: 'little' }).uint64()).toBe(0xf7f6_f5f4_f3f2_f1f0n)
    expect(new ByteReader(sixteen).int64()).toBe(0xf0f1_f2f3_f4f5_f6f7n - 2n ** 64n)
    expect(new ByteReader(sixteen).int8()).toBe(-16)
  })

  it('reads floating-point numbers', () => {
    const bytes = new Uint8Array(12)
    const view = new DataView(bytes.buffer)
    view.setFloat32(0, 1.5)
    view.setFloat64(4, Math.PI)
    const reader = new ByteReader(bytes)
    expect([reader.float32(), reader.float64()]).toEqual([1.5, Math.PI])
  })

  it('stays inside its part of a larger buffer', () => {
    const reader = new ByteReader(sixteen.subarray(4, 6))
    expect(reader.uint16()).toBe(0xf4f5)
    expect(() => reader.uint8()).toThrow(expect.objectContaining({ code: 'CORE_BYTES_TRUNCATED' }))
  })

  it('names the byte at which the input is too short, and does not move', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4, 5))
    reader.uint16()
    expect(() => reader.uint32()).toThrow('The input ends at byte 5, but 4 bytes are needed at byte 2.')
    expect(reader.offset).toBe(2)
    expect(reader.uint16()).toBe(0x0304)
  })

  it.each([
    'uint8',
    'int16',
    'uint32',
    'int64',
    'float32',
    'float64',
    'varint',
    'zigzag',
    'cString',
    'safeUint64',
  ] as const)('%s throws CORE_BYTES_TRUNCATED on empty input', (method) => {
    expect(() => new ByteReader(new Uint8Array(0))[method]()).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_TRUNCATED' }),
    )
  })

  it('returns to its place when a varint is cut in the middle', () => {
    const reader = new ByteReader(Uint8Array.of(7, 0x80, 0x80))
    reader.uint8()
    expect(() => reader.safeVarint()).toThrow(expect.objectContaining({ code: 'CORE_BYTES_TRUNCATED' }))
    expect(reader.offset).toBe(1)
  })

  it('gives 64-bit integers as numbers only where they are exact', () => {
    const largest = new Uint8Array(8)
    new DataView(largest.buffer).setBigUint64(0, 2n ** 53n - 1n)
    expect(new ByteReader(largest).safeUint64()).toBe(Number.MAX_SAFE_INTEGER)
    new DataView(largest.buffer).setBigInt64(0, -(2n ** 53n) + 1n)
    expect(new ByteReader(largest).safeInt64()).toBe(Number.MIN_SAFE_INTEGER)
    new DataView(largest.buffer).setBigUint64(0, 2n ** 53n)
    const reader = new ByteReader(largest)
    expect(() => reader.safeInt64()).toThrow('The integer 9007199254740992 at byte 0')
    expect(reader.offset).toBe(0)
    expect(reader.int64()).toBe(2n ** 53n)
  })

  it('reads texts with and without a length', () => {
    const reader = new ByteReader(new TextEncoder().encode('größe\0ende'))
    expect(reader.cString()).toBe('größe')
    expect(reader.text(4)).toBe('ende')
    expect(reader.remaining).toBe(0)
  })

  it('keeps a byte order mark: text goes in and out unchanged', () => {
    expect(new ByteReader(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)).text(4)).toBe('\uFEFFa')
  })

  it('refuses text that is not UTF-8, with its offset', () => {
    const reader = new ByteReader(Uint8Array.of(65, 0xc3, 0x28, 0))
    reader.uint8()
    expect(() => reader.cString()).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_TEXT_INVALID', details: { offset: 1 } }),
    )
    expect(reader.offset).toBe(1)
  })

  it('refuses a C string without end', () => {
    const reader = new ByteReader(Uint8Array.of(65, 66))
    expect(() => reader.cString()).toThrow('The input ends at byte 2, but 3 bytes are needed at byte 0.')
    expect(reader.offset).toBe(0)
  })

  it('hands out views, not copies', () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const view = new ByteReader(bytes).bytes(2)
    bytes[0] = 9
    expect([...view]).toEqual([9, 2])
  })

  it.each([-1, 1.5, Number.NaN])('refuses a length of %s', (length) => {
    const reader = new ByteReader(sixteen)
    expect(() => reader.bytes(length)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_OFFSET_INVALID' }))
    expect(reader.offset).toBe(0)
  })

  it('seeks and skips within the bytes only', () => {
    const reader = new ByteReader(sixteen)
    reader.skip(3)
    expect(reader.uint8()).toBe(0xf3)
    reader.seek(16)
    expect(reader.remaining).toBe(0)
    for (const offset of [17, -1, 0.5])
      expect(() => reader.seek(offset)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_OFFSET_INVALID' }))
    expect(() => reader.skip(1)).toThrow(expect.objectContaining({ code: 'CORE_BYTES_TRUNCATED' }))
  })

  it('tells what is left over', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2))
    reader.uint8()
    expect(() => reader.expectEnd()).toThrow('There are 1 unexpected bytes after the end of the value at byte 1.')
    reader.uint8()
    expect(() => reader.expectEnd()).not.toThrow()
  })
})
