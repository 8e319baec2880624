import { ByteReader } from '../byte-reader.ts'
import { bytesErrors } from '../errors.ts'
import { MsgpackExtension } from './msgpack-extension.ts'
import { decodeTimestamp, timestampType } from './msgpack-timestamp.ts'

/** Options of {@link decodeMsgpack}. */
export interface DecodeMsgpackOptions {
  /** Maps as plain objects, whose keys must be texts or numbers, or as `Map`. @default 'object' */
  readonly maps?: 'object' | 'map' | undefined
  /** Timestamps as `Date`, cut to milliseconds, or left as extensions with all their nanoseconds. @default 'date' */
  readonly timestamps?: 'date' | 'extension' | undefined
  /** Arrays and maps inside each other. @default 100 */
  readonly maximumDepth?: number | undefined
}

/**
 * The one value that MessagePack bytes hold. Integers come as numbers where those are exact, else as bigint; bin and ext as
 * copies of their bytes. A key `__proto__` becomes an ordinary property.
 *
 * @throws `CORE_BYTES_TRUNCATED`, `CORE_BYTES_TRAILING`, `CORE_BYTES_TEXT_INVALID`, `CORE_BYTES_FORMAT_INVALID`,
 * `CORE_BYTES_FORMAT_LIMIT`
 * @example
 * ```ts
 * import { decodeMsgpack } from '@exprsn/core/bytes'
 *
 * console.log(decodeMsgpack(Uint8Array.of(0x81, 0xa1, 0x61, 0x2a))) // { a: 42 }
 * ```
 */
export function decodeMsgpack(bytes: Uint8Array, options: DecodeMsgpackOptions = {}): unknown {
  const { maps = 'object', timestamps = 'date', maximumDepth = 100 } = options
  const reader = new ByteReader(bytes)
  const value = read({ reader, maps, timestamps, maximumDepth }, 0)
  reader.expectEnd()
  return value
}

interface Context {
  readonly reader: ByteReader
  readonly maps: 'object' | 'map'
  readonly timestamps: 'date' | 'extension'
  readonly maximumDepth: number
}

function read(context: Context, depth: number): unknown {
  const { reader } = context
  const start = reader.offset
  const head = reader.uint8()
  if (head < 0x80) return head
  if (head >= 0xe0) return head - 0x100
  if (head < 0x90) return readMap(context, head & 0x0f, depth, start)
  if (head < 0xa0) return readArray(context, head & 0x0f, depth, start)
  if (head < 0xc0) return reader.text(head & 0x1f)
  switch (head) {
    case 0xc0:
      return null
    case 0xc2:
      return false
    case 0xc3:
      return true
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return reader.bytes(readSize(reader, head - 0xc4)).slice()
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return readExtension(context, readSize(reader, head - 0xc7), start)
    case 0xca:
      return reader.float32()
    case 0xcb:
      return reader.float64()
    case 0xcc:
      return reader.uint8()
    case 0xcd:
      return reader.uint16()
    case 0xce:
      return reader.uint32()
    case 0xcf:
      return narrow(reader.uint64())
    case 0xd0:
      return reader.int8()
    case 0xd1:
      return reader.int16()
    case 0xd2:
      return reader.int32()
    case 0xd3:
      return narrow(reader.int64())
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return readExtension(context, 1 << (head - 0xd4), start)
    case 0xd9:
    case 0xda:
    case 0xdb:
      return reader.text(readSize(reader, head - 0xd9))
    case 0xdc:
    case 0xdd:
      return readArray(context, readSize(reader, head - 0xdb), depth, start)
    case 0xde:
    case 0xdf:
      return readMap(context, readSize(reader, head - 0xdd), depth, start)
  }
  throw invalid('a byte C1, which is never used', start)
}

function readSize(reader: ByteReader, width: number): number {
  if (width === 0) return reader.uint8()
  return width === 1 ? reader.uint16() : reader.uint32()
}

function readArray(context: Context, size: number, depth: number, start: number): unknown[] {
  enter(context, size, depth, start)
  const items: unknown[] = []
  for (let index = 0; index < size; index++) items.push(read(context, depth + 1))
  return items
}

function readMap(context: Context, size: number, depth: number, start: number): unknown {
  enter(context, size * 2, depth, start)
  if (context.maps === 'map') {
    const map = new Map<unknown, unknown>()
    for (let index = 0; index < size; index++) {
      const key = read(context, depth + 1)
      map.set(key, read(context, depth + 1))
    }
    return map
  }
  const object: Record<string, unknown> = {}
  for (let index = 0; index < size; index++) {
    const at = context.reader.offset
    const key = read(context, depth + 1)
    if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint')
      throw invalid('a map key that is neither text nor number', at)
    const value = read(context, depth + 1)
    if (key === '__proto__') define(object, value)
    else object[String(key)] = value
  }
  return object
}

function define(object: object, value: unknown): void {
  Object.defineProperty(object, '__proto__', { value, writable: true, enumerable: true, configurable: true })
}

/** Each item takes a byte at least, so a size beyond what is left is refused before memory is taken for it. */
function enter({ reader, maximumDepth }: Context, items: number, depth: number, start: number): void {
  if (depth >= maximumDepth)
    throw bytesErrors.CORE_BYTES_FORMAT_LIMIT({
      format: 'MessagePack',
      what: 'levels',
      limit: maximumDepth,
      offset: start,
    })
  if (items > reader.remaining)
    throw bytesErrors.CORE_BYTES_TRUNCATED({
      length: reader.offset + reader.remaining,
      needed: items,
      offset: reader.offset,
    })
}

function readExtension({ reader, timestamps }: Context, size: number, start: number): unknown {
  const type = reader.int8()
  const data = reader.bytes(size).slice()
  if (type !== timestampType || timestamps === 'extension') return new MsgpackExtension(type, data)
  const date = decodeTimestamp(data)
  if (date === undefined) throw invalid('a timestamp that is none, or beyond the year 275760', start)
  return date
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function invalid(reason: string, offset: number) {
  return bytesErrors.CORE_BYTES_FORMAT_INVALID({ format: 'MessagePack', reason, offset })
}
