import { Cid } from './cid.ts'
import { CborReader } from './cbor-reader.ts'
import type { DataObject } from './data-value.ts'
import { codecErrors } from './errors.ts'
import { encodeCbor } from './encode-cbor.ts'

/** Bytes of a header at most: it has room for a few roots, and archives here have one. */
export const longestHeader = 4096

/** The roots in the header that stands from `start` to `end`. */
export function readCarHeader(bytes: Uint8Array, start: number, end: number): readonly Cid[] {
  const { version, roots, ...others } = decodeHeader(bytes, start, end)
  if (version !== 1) throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason: 'its version is not 1' })
  if (!Array.isArray(roots) || !roots.every((root) => root instanceof Cid) || Object.keys(others).length > 0) {
    throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason: 'its header is not a version and roots' })
  }
  return roots.map((root: Cid) => new Cid(new Uint8Array(root.bytes), 0))
}

/** The header with its length in front. */
export function carHeader(roots: readonly Cid[]): Uint8Array {
  const header = encodeCbor({ version: 1, roots })
  return Buffer.concat([carVarint(header.length), header])
}

/** An unsigned varint (LEB128) of a length below 2^31. */
export function carVarint(length: number): Uint8Array {
  const bytes: number[] = []
  let rest = length
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Uint8Array.of(...bytes, rest)
}

function decodeHeader(bytes: Uint8Array, start: number, end: number): DataObject {
  try {
    const header = new CborReader({ maxBytes: longestHeader }).decode(bytes, start, end)
    return typeof header === 'object' && header !== null ? (header as DataObject) : {}
  } catch (cause) {
    throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason: 'its header is not DAG-CBOR' }, { cause })
  }
}
