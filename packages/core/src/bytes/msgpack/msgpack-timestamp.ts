import { ByteReader } from '../byte-reader.ts'
import { ByteWriter } from '../byte-writer.ts'

/** The extension type of an instant. */
export const timestampType = -1

/** An instant in the shortest of the three forms (MessagePack specification, "Timestamp extension type"). */
export function encodeTimestamp(date: Date): Uint8Array {
  const time = date.getTime()
  const seconds = Math.floor(time / 1_000)
  const nanoseconds = (time - seconds * 1_000) * 1_000_000
  const writer = new ByteWriter({ capacity: 12 })
  if (seconds < 0 || seconds >= 2 ** 34) return writer.uint32(nanoseconds).int64(seconds).finish()
  if (nanoseconds === 0 && seconds < 2 ** 32) return writer.uint32(seconds).finish()
  return writer.uint64((BigInt(nanoseconds) << 34n) | BigInt(seconds)).finish()
}

/** An instant, cut to milliseconds; undefined for bytes that are no timestamp, or one that a Date cannot hold. */
export function decodeTimestamp(data: Uint8Array): Date | undefined {
  const parts = readParts(new ByteReader(data), data.length)
  if (parts === undefined || parts.nanoseconds > 999_999_999) return undefined
  const date = new Date(Number(parts.seconds) * 1_000 + Math.floor(parts.nanoseconds / 1_000_000))
  return Number.isNaN(date.getTime()) ? undefined : date
}

function readParts(
  reader: ByteReader,
  length: number,
): { readonly seconds: bigint; readonly nanoseconds: number } | undefined {
  if (length === 4) return { seconds: BigInt(reader.uint32()), nanoseconds: 0 }
  if (length === 12) {
    const nanoseconds = reader.uint32()
    return { seconds: reader.int64(), nanoseconds }
  }
  if (length !== 8) return undefined
  const both = reader.uint64()
  return { seconds: both & 0x3_ffff_ffffn, nanoseconds: Number(both >> 34n) }
}
