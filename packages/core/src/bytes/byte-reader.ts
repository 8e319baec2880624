import { bytesErrors } from './errors.ts'
import { readVarint, unzigzag } from './varint.ts'

/** Which end of a number stands first. */
export type ByteOrder = 'big' | 'little'

/** Options of {@link ByteReader} and {@link ByteWriter}. */
export interface ByteOrderOptions {
  /** Network protocols are big-endian, most file formats little-endian. @default 'big' */
  readonly order?: ByteOrder | undefined
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A cursor over bytes. Every method reads at {@link ByteReader.offset} and moves past what it read; when it throws, the
 * cursor has not moved. Integers of 64 bits come as bigint, or as a number from the methods that say `safe`.
 *
 * Every method throws `CORE_BYTES_TRUNCATED`, with the offset, when the bytes end too early.
 *
 * @example
 * ```ts
 * import { ByteReader } from '@exprsn/core/bytes'
 *
 * const reader = new ByteReader(Uint8Array.of(0, 0, 1, 0, 104, 105, 0))
 * console.log(reader.uint32(), reader.cString(), reader.remaining) // 256 hi 0
 * ```
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #little: boolean
  #offset = 0

  constructor(bytes: Uint8Array, { order = 'big' }: ByteOrderOptions = {}) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#little = order === 'little'
  }

  /** Where the next read starts, counted from the first byte. */
  get offset(): number {
    return this.#offset
  }

  /** Bytes that are not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#offset
  }

  /** Moves the cursor. @throws `CORE_BYTES_OFFSET_INVALID` for a place outside the bytes. */
  seek(offset: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.#bytes.length)
      throw bytesErrors.CORE_BYTES_OFFSET_INVALID({ value: offset, length: this.#bytes.length })
    this.#offset = offset
  }

  /** Passes over bytes. */
  skip(length: number): void {
    this.#take(length)
  }

  /** @throws `CORE_BYTES_TRAILING` unless everything was read. */
  expectEnd(): void {
    if (this.remaining > 0) throw bytesErrors.CORE_BYTES_TRAILING({ remaining: this.remaining, offset: this.#offset })
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), this.#little)
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2), this.#little)
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), this.#little)
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), this.#little)
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8), this.#little)
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8), this.#little)
  }

  /** A 64-bit unsigned integer as a number. @throws `CORE_BYTES_INTEGER_UNSAFE` above 2⁵³ − 1. */
  safeUint64(): number {
    return this.#safe(() => this.uint64())
  }

  /** A 64-bit signed integer as a number. @throws `CORE_BYTES_INTEGER_UNSAFE` beyond ±(2⁵³ − 1). */
  safeInt64(): number {
    return this.#safe(() => this.int64())
  }

  float32(): number {
    return this.#view.getFloat32(this.#take(4), this.#little)
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8), this.#little)
  }

  /** An unsigned LEB128 integer of up to 64 bits. @throws `CORE_BYTES_VARINT_INVALID` when it is longer. */
  varint(): bigint {
    return BigInt(this.#readVarint())
  }

  /** {@link ByteReader.varint} as a number. @throws `CORE_BYTES_INTEGER_UNSAFE` above 2⁵³ − 1. */
  safeVarint(): number {
    return this.#safe(() => this.#readVarint())
  }

  /** A signed integer of up to 64 bits, zigzag-folded into a varint (protobuf `sint64`). */
  zigzag(): bigint {
    return unzigzag(this.varint())
  }

  /** {@link ByteReader.zigzag} as a number. @throws `CORE_BYTES_INTEGER_UNSAFE` beyond ±(2⁵³ − 1). */
  safeZigzag(): number {
    return this.#safe(() => this.zigzag())
  }

  /** The next bytes as a view of the input, not a copy: copy what outlives it. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  /** Text of a known length in bytes. @throws `CORE_BYTES_TEXT_INVALID` when it is not UTF-8. */
  text(length: number): string {
    const start = this.#offset
    return this.#decode(this.bytes(length), start)
  }

  /** Text that ends with a zero byte, which is passed over. @throws `CORE_BYTES_TEXT_INVALID` when it is not UTF-8. */
  cString(): string {
    const start = this.#offset
    const end = this.#bytes.indexOf(0, start)
    if (end < 0)
      throw bytesErrors.CORE_BYTES_TRUNCATED({
        length: this.#bytes.length,
        needed: this.remaining + 1,
        offset: start,
      })
    this.#offset = end + 1
    return this.#decode(this.#bytes.subarray(start, end), start)
  }

  /** Moves past `length` bytes and returns where they start. */
  #take(length: number): number {
    const start = this.#offset
    const total = this.#bytes.length
    if (length > total - start) throw bytesErrors.CORE_BYTES_TRUNCATED({ length: total, needed: length, offset: start })
    if (!(length >= 0) || !Number.isInteger(length))
      throw bytesErrors.CORE_BYTES_OFFSET_INVALID({ value: length, length: total })
    this.#offset = start + length
    return start
  }

  #readVarint(): number | bigint {
    const start = this.#offset
    try {
      return readVarint(this)
    } catch (error) {
      this.#offset = start
      throw error
    }
  }

  #safe(read: () => number | bigint): number {
    const start = this.#offset
    const value = read()
    if (typeof value === 'number') return value
    const number = Number(value)
    if (Number.isSafeInteger(number)) return number
    this.#offset = start
    throw bytesErrors.CORE_BYTES_INTEGER_UNSAFE({ value, offset: start })
  }

  #decode(bytes: Uint8Array, start: number): string {
    try {
      return decoder.decode(bytes)
    } catch (cause) {
      this.#offset = start
      throw bytesErrors.CORE_BYTES_TEXT_INVALID({ offset: start }, { cause })
    }
  }
}
