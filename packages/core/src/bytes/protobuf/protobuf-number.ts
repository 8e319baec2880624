import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import { bytesErrors } from '../errors.ts'

/** The scalar types of protobuf that are numbers; an enum is an `int32`. */
export type ProtobufNumber =
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'bool'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'float'
  | 'double'

/** Field numbers have 29 bits. */
export const highestField = 2 ** 29 - 1

/** 0 varint, 1 eight bytes, 5 four bytes. */
export function wireTypeOf(type: ProtobufNumber): 0 | 1 | 5 {
  if (type === 'fixed64' || type === 'sfixed64' || type === 'double') return 1
  return type === 'fixed32' || type === 'sfixed32' || type === 'float' ? 5 : 0
}

/** Writes the value alone. @throws `CORE_BYTES_VALUE_INVALID` */
export function writeNumber(writer: ByteWriter, type: ProtobufNumber, value: number | bigint): void {
  if (smallVarints.has(type) && typeof value === 'number' && value >= 0 && value < 2 ** 31 && Number.isInteger(value)) {
    writer.varint(value)
    return
  }
  switch (type) {
    case 'int32':
    case 'int64':
      // A negative one takes ten bytes: the sign goes all the way up.
      writer.varint(BigInt.asUintN(64, integer(value, type)))
      break
    case 'uint32':
    case 'uint64':
    case 'bool':
      writer.varint(integer(value, type))
      break
    case 'sint32':
    case 'sint64':
      writer.zigzag(integer(value, type))
      break
    case 'fixed32':
      writer.uint32(Number(value))
      break
    case 'sfixed32':
      writer.int32(Number(value))
      break
    case 'fixed64':
      writer.uint64(value)
      break
    case 'sfixed64':
      writer.int64(value)
      break
    case 'float':
      writer.float32(Number(value))
      break
    case 'double':
      writer.float64(Number(value))
  }
}

/** Types whose varint of a number from 0 to 2³¹ − 1 is that of the number. */
const smallVarints: ReadonlySet<ProtobufNumber> = new Set(['int32', 'int64', 'uint32', 'uint64'])

/** Reads the value alone: a bigint for the types of 64 bits, else a number; too many bits are dropped as protobuf wants. */
export function readNumber(reader: ByteReader, type: ProtobufNumber): number | bigint {
  switch (type) {
    case 'int32':
      return Number(BigInt.asIntN(32, reader.varint()))
    case 'int64':
      return BigInt.asIntN(64, reader.varint())
    case 'uint32':
      return Number(BigInt.asUintN(32, reader.varint()))
    case 'uint64':
      return reader.varint()
    case 'sint32':
      return Number(BigInt.asIntN(32, unfold(BigInt.asUintN(32, reader.varint()))))
    case 'sint64':
      return reader.zigzag()
    case 'bool':
      return reader.varint() === 0n ? 0 : 1
    case 'fixed32':
      return reader.uint32()
    case 'sfixed32':
      return reader.int32()
    case 'fixed64':
      return reader.uint64()
    case 'sfixed64':
      return reader.int64()
    case 'float':
      return reader.float32()
    case 'double':
      return reader.float64()
  }
}

function unfold(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n)
}

const ranges: Readonly<Partial<Record<ProtobufNumber, readonly [bigint, bigint]>>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  bool: [0n, 1n],
}

function integer(value: number | bigint, type: ProtobufNumber): bigint {
  const [lowest, highest] = ranges[type]!
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    const wide = BigInt(value)
    if (wide >= lowest && wide <= highest) return wide
  }
  throw bytesErrors.CORE_BYTES_VALUE_INVALID({ value, type })
}
