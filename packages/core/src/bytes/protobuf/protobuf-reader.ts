import { ByteReader } from '../byte-reader.ts'
import { bytesErrors } from '../errors.ts'
import { readNumber, wireTypeOf, type ProtobufNumber } from './protobuf-number.ts'

/** Options of {@link ProtobufReader}. */
export interface ProtobufReaderOptions {
  /** Messages and groups inside each other. @default 100 */
  readonly maximumDepth?: number | undefined
  /** The most bytes of one text, byte string or message. @default 67108864 */
  readonly maximumLength?: number | undefined
}

/**
 * Reads a protobuf message field by field, without a schema: `next()` moves to a field, one of the others reads it; a field
 * that nobody reads is passed over. Texts and bytes are views of the input.
 *
 * Every method throws `CORE_BYTES_FORMAT_INVALID` or `CORE_BYTES_TRUNCATED` with the offset in the whole input, and
 * `CORE_BYTES_FORMAT_LIMIT` for what is too deep or long.
 *
 * @example
 * ```ts
 * import { ProtobufReader } from '@exprsn/core/bytes'
 *
 * const reader = new ProtobufReader(Uint8Array.of(8, 150, 1, 18, 2, 104, 105))
 * while (reader.next()) {
 *   if (reader.field === 1) console.log(reader.number('uint32')) // 150
 *   if (reader.field === 2) console.log(reader.text()) // hi
 * }
 * ```
 */
export class ProtobufReader {
  readonly #reader: ByteReader
  readonly #whole: Uint8Array
  readonly #end: number
  readonly #depth: number
  readonly #options: { readonly maximumDepth: number; readonly maximumLength: number }
  #field = 0
  #wireType = 0
  #start = 0
  #isRead = true

  constructor(bytes: Uint8Array, options: ProtobufReaderOptions = {}, inner?: InnerMessage) {
    this.#options = { maximumDepth: options.maximumDepth ?? 100, maximumLength: options.maximumLength ?? 67_108_864 }
    this.#whole = bytes
    this.#depth = inner?.depth ?? 0
    this.#end = inner?.end ?? bytes.length
    this.#reader = new ByteReader(bytes.subarray(0, this.#end), { order: 'little' })
    this.#reader.seek(inner?.start ?? 0)
  }

  /** The number of the field that `next()` moved to. */
  get field(): number {
    return this.#field
  }

  /** 0 varint, 1 eight bytes, 2 with a length, 3 group, 5 four bytes. */
  get wireType(): number {
    return this.#wireType
  }

  /** Where the field starts, counted from the first byte of the whole input. */
  get offset(): number {
    return this.#start
  }

  /** Moves to the next field; false at the end. */
  next(): boolean {
    this.skip()
    if (this.#reader.remaining === 0) return false
    this.#start = this.#reader.offset
    const tag = Number(this.#reader.varint())
    this.#field = Math.floor(tag / 8)
    this.#wireType = tag % 8
    if (tag > 0xffff_ffff || this.#field === 0) throw this.#invalid(`there is no field ${this.#field}`)
    if (this.#wireType === 4) throw this.#invalid('a group ends that did not begin')
    if (this.#wireType > 5) throw this.#invalid(`there is no wire type ${this.#wireType}`)
    this.#isRead = false
    return true
  }

  /** A number: bigint for the types of 64 bits (`int64`, `uint64`, `sint64`, `fixed64`, `sfixed64`). */
  number<Type extends ProtobufNumber>(
    type: Type,
  ): Type extends 'int64' | 'uint64' | 'sint64' | 'fixed64' | 'sfixed64' ? bigint : number {
    this.#expect(wireTypeOf(type))
    return readNumber(this.#reader, type) as never
  }

  bool(): boolean {
    return this.number('bool') === 1
  }

  text(): string {
    return this.#reader.text(this.#length())
  }

  bytes(): Uint8Array {
    return this.#reader.bytes(this.#length())
  }

  /** A reader of the message inside this field. */
  message(): ProtobufReader {
    const depth = this.#depth + 1
    if (depth > this.#options.maximumDepth)
      throw this.#tooMany('messages inside each other', this.#options.maximumDepth)
    const length = this.#length()
    const start = this.#reader.offset
    this.#reader.skip(length)
    return new ProtobufReader(this.#whole, this.#options, { start, end: start + length, depth })
  }

  /** Repeated numbers: all of a packed field, or the one of a field that is not packed. Both are legal for either. */
  numbers<Type extends ProtobufNumber>(type: Type): ReturnType<typeof this.number<Type>>[] {
    if (this.#wireType !== 2) return [this.number(type)]
    const end = this.#length() + this.#reader.offset
    const values: ReturnType<typeof this.number<Type>>[] = []
    while (this.#reader.offset < end) values.push(readNumber(this.#reader, type) as never)
    if (this.#reader.offset > end) throw this.#invalid('a number goes beyond its packed field')
    return values
  }

  /** The whole field with its tag: what `ProtobufWriter.raw` takes, so that unknown fields live on. */
  raw(): Uint8Array {
    this.skip()
    return this.#whole.subarray(this.#start, this.#reader.offset)
  }

  /** Passes over the field, if it was not read. */
  skip(): void {
    if (this.#isRead) return
    this.#isRead = true
    this.#skipValue(this.#wireType, this.#field, this.#depth)
  }

  #skipValue(wireType: number, field: number, depth: number): void {
    if (wireType === 0) this.#reader.varint()
    else if (wireType === 1) this.#reader.skip(8)
    else if (wireType === 5) this.#reader.skip(4)
    else if (wireType === 2) this.#reader.skip(this.#readLength())
    else this.#skipGroup(field, depth + 1)
  }

  /** Groups are gone from the language and still on the wire of old writers. */
  #skipGroup(field: number, depth: number): void {
    if (depth > this.#options.maximumDepth)
      throw this.#tooMany('messages inside each other', this.#options.maximumDepth)
    for (;;) {
      const tag = Number(this.#reader.varint())
      const inner = Math.floor(tag / 8)
      if (tag > 0xffff_ffff || inner === 0 || tag % 8 > 5) throw this.#invalid(`a group holds the tag ${tag}`)
      if (tag % 8 !== 4) this.#skipValue(tag % 8, inner, depth)
      else if (inner === field) return
      else throw this.#invalid(`group ${field} is ended as ${inner}`)
    }
  }

  #length(): number {
    this.#expect(2)
    return this.#readLength()
  }

  #readLength(): number {
    const offset = this.#reader.offset
    const length = Number(this.#reader.varint())
    if (length > this.#options.maximumLength) throw this.#tooMany('bytes in a field', this.#options.maximumLength)
    if (length > this.#reader.remaining)
      throw bytesErrors.CORE_BYTES_TRUNCATED({ length: this.#end, needed: length, offset })
    return length
  }

  #expect(wireType: number): void {
    if (this.#isRead) throw this.#invalid('the field was read already')
    if (this.#wireType !== wireType)
      throw this.#invalid(`field ${this.#field} has wire type ${this.#wireType}, not ${wireType}`)
    this.#isRead = true
  }

  #invalid(reason: string) {
    return bytesErrors.CORE_BYTES_FORMAT_INVALID({ format: 'protobuf', reason, offset: this.#start })
  }

  #tooMany(what: string, limit: number) {
    return bytesErrors.CORE_BYTES_FORMAT_LIMIT({ format: 'protobuf', what, limit, offset: this.#start })
  }
}

interface InnerMessage {
  readonly start: number
  readonly end: number
  readonly depth: number
}
