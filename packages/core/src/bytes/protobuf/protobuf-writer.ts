import { ByteWriter, isShortAscii } from '../byte-writer.ts'
import { bytesErrors } from '../errors.ts'
import type { ProtobufNumber } from './protobuf-number.ts'
import { highestField, writeNumber, wireTypeOf } from './protobuf-number.ts'

const encoder = new TextEncoder()

/**
 * Writes protobuf messages field by field, without a schema (protobuf.dev, "Encoding"). Every method takes the field's number,
 * appends and returns the writer. Default values are written when you write them: leave them out as proto3 does.
 *
 * Every method throws `CORE_BYTES_VALUE_INVALID` for a number that the type does not hold, or a field from outside 1 to
 * 536,870,911.
 *
 * @example
 * ```ts
 * import { ProtobufWriter } from '@exprsn/core/bytes'
 *
 * const bytes = new ProtobufWriter().number(1, 'int64', 150).text(2, 'testing').finish()
 * console.log([...bytes.slice(0, 5)]) // [ 8, 150, 1, 18, 7 ]
 * ```
 */
export class ProtobufWriter {
  readonly #writer = new ByteWriter({ order: 'little' })
  #inner: ProtobufWriter | undefined

  /** A number of any scalar type; enums are `int32`, `bool` is 0 or 1. */
  number(field: number, type: ProtobufNumber, value: number | bigint): this {
    writeNumber(this.#tag(field, wireTypeOf(type)), type, value)
    return this
  }

  bool(field: number, value: boolean): this {
    return this.number(field, 'bool', value ? 1 : 0)
  }

  text(field: number, value: string): this {
    if (!isShortAscii(value)) return this.bytes(field, encoder.encode(value))
    this.#tag(field, 2).varint(value.length).text(value)
    return this
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2).varint(value.length).bytes(value)
    return this
  }

  /** A message inside this one. */
  message(field: number, write: (message: ProtobufWriter) => void): this {
    // One writer serves all messages of a level, one after another. While it is in use another one takes its place.
    const message = this.#inner ?? new ProtobufWriter()
    this.#inner = undefined
    write(message)
    this.bytes(field, message.finish())
    message.#writer.reset()
    this.#inner = message
    return this
  }

  /** Repeated numbers in one piece, as proto3 does by default. Nothing is written for none. */
  packed(field: number, type: ProtobufNumber, values: Iterable<number | bigint>): this {
    const body = new ByteWriter({ order: 'little' })
    for (const value of values) writeNumber(body, type, value)
    return body.length === 0 ? this : this.bytes(field, body.finish())
  }

  /** Whole fields as they are, from `ProtobufReader.raw()`. */
  raw(fields: Uint8Array): this {
    this.#writer.bytes(fields)
    return this
  }

  /** What was written, as a view: it stays valid until the writer is used again. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#writer.finish()
  }

  #tag(field: number, wireType: number): ByteWriter {
    if (!Number.isInteger(field) || field < 1 || field > highestField)
      throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value: field, type: 'protobuf field number' })
    return this.#writer.varint(field * 8 + wireType)
  }
}
