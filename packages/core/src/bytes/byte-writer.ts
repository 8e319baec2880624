import type { ByteOrderOptions } from './byte-reader.ts'
import { bytesErrors } from './errors.ts'
import { varintBytes, zigzag } from './varint.ts'

/** Options of {@link ByteWriter}. */
export interface ByteWriterOptions extends ByteOrderOptions {
  /** Bytes to make room for at first; the room doubles when it is full. @default 256 */
  readonly capacity?: number | undefined
}

const encoder = new TextEncoder()

/**
 * Builds bytes from numbers, texts and other bytes; the counterpart of {@link ByteReader}. Every method appends and
 * returns the writer, and throws `CORE_BYTES_VALUE_INVALID` for a value that the type does not hold.
 *
 * @example
 * ```ts
 * import { ByteWriter } from '@exprsn/core/bytes'
 *
 * const bytes = new ByteWriter().uint32(256).cString('hi').finish()
 * console.log([...bytes]) // [ 0, 0, 1, 0, 104, 105, 0 ]
 * ```
 */
export class ByteWriter {
  readonly #little: boolean
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #length = 0

  constructor({ order = 'big', capacity = 256 }: ByteWriterOptions = {}) {
    this.#little = order === 'little'
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length
  }

  uint8(value: number): this {
    const at = this.#room(integer(value, 0, 0xff, 'uint8'), 1)
    this.#view.setUint8(at, value)
    return this
  }

  int8(value: number): this {
    const at = this.#room(integer(value, -0x80, 0x7f, 'int8'), 1)
    this.#view.setInt8(at, value)
    return this
  }

  uint16(value: number): this {
    const at = this.#room(integer(value, 0, 0xffff, 'uint16'), 2)
    this.#view.setUint16(at, value, this.#little)
    return this
  }

  int16(value: number): this {
    const at = this.#room(integer(value, -0x8000, 0x7fff, 'int16'), 2)
    this.#view.setInt16(at, value, this.#little)
    return this
  }

  uint32(value: number): this {
    const at = this.#room(integer(value, 0, 0xffff_ffff, 'uint32'), 4)
    this.#view.setUint32(at, value, this.#little)
    return this
  }

  int32(value: number): this {
    const at = this.#room(integer(value, -0x8000_0000, 0x7fff_ffff, 'int32'), 4)
    this.#view.setInt32(at, value, this.#little)
    return this
  }

  uint64(value: bigint | number): this {
    const wide = wideInteger(value, 0n, 2n ** 64n - 1n, 'uint64')
    const at = this.#room(wide, 8)
    this.#view.setBigUint64(at, wide, this.#little)
    return this
  }

  int64(value: bigint | number): this {
    const wide = wideInteger(value, -(2n ** 63n), 2n ** 63n - 1n, 'int64')
    const at = this.#room(wide, 8)
    this.#view.setBigInt64(at, wide, this.#little)
    return this
  }

  float32(value: number): this {
    const at = this.#room(value, 4)
    this.#view.setFloat32(at, value, this.#little)
    return this
  }

  float64(value: number): this {
    const at = this.#room(value, 8)
    this.#view.setFloat64(at, value, this.#little)
    return this
  }

  /** An integer from 0 to 2⁶⁴ − 1 as unsigned LEB128, as short as possible. */
  varint(value: number | bigint): this {
    if (typeof value !== 'number' || !(value >= 0 && value < 2 ** 31) || !Number.isInteger(value))
      return this.bytes(varintBytes(value))
    // Lengths, tags and most numbers: without an array for each.
    const size = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5
    const start = this.#room(value, size)
    const last = start + size - 1
    for (let at = start, rest = value; at <= last; at++, rest >>>= 7) this.#bytes[at] = at < last ? rest | 0x80 : rest
    return this
  }

  /** A signed integer of up to 64 bits, zigzag-folded into a varint (protobuf `sint64`). */
  zigzag(value: number | bigint): this {
    return this.varint(zigzag(wideInteger(value, -(2n ** 63n), 2n ** 63n - 1n, 'zigzag')))
  }

  bytes(value: Uint8Array | readonly number[]): this {
    const at = this.#room(value, value.length)
    this.#bytes.set(value, at)
    return this
  }

  /** Text as UTF-8, without length or terminator. */
  text(value: string): this {
    if (!isShortAscii(value)) return this.bytes(encoder.encode(value))
    const at = this.#room(value, value.length)
    for (let index = 0; index < value.length; index++) this.#bytes[at + index] = value.charCodeAt(index)
    return this
  }

  /** Text as UTF-8 and a zero byte. */
  cString(value: string): this {
    const end = value.indexOf('\0')
    if (end >= 0) throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value: `a zero character at ${end}`, type: 'C string' })
    return this.text(value).uint8(0)
  }

  /** What was written, as a view: it stays valid until the writer is used again. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Forgets what was written and keeps the memory. */
  reset(): this {
    this.#length = 0
    return this
  }

  /**
   * Makes room and returns where to write. The value is an argument so that it is checked before the writer changes;
   * the view must be read afterwards, since growing replaces it.
   */
  #room(_checked: unknown, size: number): number {
    const at = this.#length
    this.#length = at + size
    if (this.#length > this.#bytes.length) this.#grow(this.#length)
    return at
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Whether a text is as many bytes as it has units, and so few that encoding it costs more than copying them. */
export function isShortAscii(value: string): boolean {
  if (value.length > 48) return false
  for (let index = 0; index < value.length; index++) if (value.charCodeAt(index) > 0x7f) return false
  return true
}

function integer(value: number, lowest: number, highest: number, type: string): number {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value
  throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value, type })
}

function wideInteger(value: bigint | number, lowest: bigint, highest: bigint, type: string): bigint {
  const isExact = typeof value === 'bigint' || Number.isSafeInteger(value)
  const wide = isExact ? BigInt(value) : undefined
  if (wide !== undefined && wide >= lowest && wide <= highest) return wide
  throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value, type })
}
