import { ByteWriter } from '../byte-writer.ts'
import { bytesErrors } from '../errors.ts'
import { MsgpackExtension } from './msgpack-extension.ts'
import { encodeTimestamp, timestampType } from './msgpack-timestamp.ts'

/** Options of {@link encodeMsgpack}. */
export interface EncodeMsgpackOptions {
  /** Arrays and maps inside each other; more is taken for a circle. @default 100 */
  readonly maximumDepth?: number | undefined
}

/**
 * A value as MessagePack, each number in its shortest form. `undefined` becomes nil, `Date` the timestamp extension, `Map` and
 * plain objects a map, `Uint8Array` bin, `bigint` an integer of up to 64 bits; a number that is not an integer is a float 64.
 *
 * @throws `CORE_BYTES_VALUE_INVALID` for functions, symbols, other classes, an invalid Date and larger bigints,
 * `CORE_BYTES_FORMAT_LIMIT` for what is too deep
 * @example
 * ```ts
 * import { decodeMsgpack, encodeMsgpack } from '@exprsn/core/bytes'
 *
 * console.log(decodeMsgpack(encodeMsgpack({ id: 7, tags: ['a'] }))) // { id: 7, tags: [ 'a' ] }
 * ```
 */
export function encodeMsgpack(
  value: unknown,
  { maximumDepth = 100 }: EncodeMsgpackOptions = {},
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
  write(writer, value, maximumDepth, maximumDepth)
  return writer.finish()
}

function write(writer: ByteWriter, value: unknown, depth: number, limit: number): void {
  if (depth < 0)
    throw bytesErrors.CORE_BYTES_FORMAT_LIMIT({ format: 'MessagePack', what: 'levels', limit, offset: writer.length })
  if (value === null || value === undefined) writer.uint8(0xc0)
  else if (typeof value === 'boolean') writer.uint8(value ? 0xc3 : 0xc2)
  else if (typeof value === 'number') writeNumber(writer, value)
  else if (typeof value === 'bigint') writeBigint(writer, value)
  else if (typeof value === 'string') writeText(writer, value)
  else if (value instanceof Uint8Array) writeSize(writer, value.length, binSizes).bytes(value)
  else if (Array.isArray(value)) {
    writeSize(writer, value.length, arraySizes)
    for (const item of value) write(writer, item, depth - 1, limit)
  } else if (value instanceof Map) writeMap(writer, value.size, value, depth, limit)
  else if (value instanceof Date && !Number.isNaN(value.getTime()))
    writeExtension(writer, timestampType, encodeTimestamp(value))
  else if (value instanceof MsgpackExtension) writeExtension(writer, value.type, value.data)
  else if (isPlain(value)) {
    const entries = Object.entries(value)
    writeMap(writer, entries.length, entries, depth, limit)
  } else throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value: describe(value), type: 'MessagePack' })
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) writer.uint8(0xcb).float64(value)
  else if (value >= 0) {
    if (value < 0x80) writer.uint8(value)
    else if (value < 0x100) writer.uint8(0xcc).uint8(value)
    else if (value < 0x1_0000) writer.uint8(0xcd).uint16(value)
    else if (value < 0x1_0000_0000) writer.uint8(0xce).uint32(value)
    else writer.uint8(0xcf).uint64(value)
  } else if (value >= -0x20) writer.int8(value)
  else if (value >= -0x80) writer.uint8(0xd0).int8(value)
  else if (value >= -0x8000) writer.uint8(0xd1).int16(value)
  else if (value >= -0x8000_0000) writer.uint8(0xd2).int32(value)
  else writer.uint8(0xd3).int64(value)
}

function writeBigint(writer: ByteWriter, value: bigint): void {
  if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) writeNumber(writer, Number(value))
  else if (value < 0n) writer.uint8(0xd3).int64(value)
  else writer.uint8(0xcf).uint64(value)
}

function writeText(writer: ByteWriter, value: string): void {
  const bytes = new TextEncoder().encode(value)
  if (bytes.length < 32) writer.uint8(0xa0 | bytes.length).bytes(bytes)
  else writeSize(writer, bytes.length, textSizes).bytes(bytes)
}

function writeMap(
  writer: ByteWriter,
  size: number,
  entries: Iterable<readonly [unknown, unknown]>,
  depth: number,
  limit: number,
): void {
  writeSize(writer, size, mapSizes)
  for (const [key, value] of entries) {
    write(writer, key, depth - 1, limit)
    write(writer, value, depth - 1, limit)
  }
}

function writeExtension(writer: ByteWriter, type: number, data: Uint8Array): void {
  const fixed = [1, 2, 4, 8, 16].indexOf(data.length)
  if (fixed >= 0) writer.uint8(0xd4 + fixed)
  else writeSize(writer, data.length, extensionSizes)
  writer.int8(type).bytes(data)
}

/** The first byte of the forms with no room for a size (added to it), 8, 16 and 32 bits. */
type Sizes = readonly [short: number | undefined, byte: number | undefined, word: number, long: number]
const textSizes: Sizes = [undefined, 0xd9, 0xda, 0xdb]
const binSizes: Sizes = [undefined, 0xc4, 0xc5, 0xc6]
const arraySizes: Sizes = [0x90, undefined, 0xdc, 0xdd]
const mapSizes: Sizes = [0x80, undefined, 0xde, 0xdf]
const extensionSizes: Sizes = [undefined, 0xc7, 0xc8, 0xc9]

function writeSize(writer: ByteWriter, size: number, [short, byte, word, long]: Sizes): ByteWriter {
  if (short !== undefined && size < 16) return writer.uint8(short | size)
  if (byte !== undefined && size < 0x100) return writer.uint8(byte).uint8(size)
  return size < 0x1_0000 ? writer.uint8(word).uint16(size) : writer.uint8(long).uint32(size)
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function describe(value: unknown): string {
  return typeof value === 'object' ? `an object of class ${value?.constructor.name ?? 'unknown'}` : `a ${typeof value}`
}
