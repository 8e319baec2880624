import { ExprsnError } from '@exprsn/core'
import { decompress, lz4Decompress } from '@exprsn/core/bytes'
import { osmErrors } from '../errors.ts'
import { Fields } from './fields.ts'
import { checkSize, longestBlob } from './read-blobs.ts'

/** Fields of fileformat.proto, `Blob`. */
const raw = 1
const rawSize = 2
const zlib = 3
const lz4 = 6
const zstd = 7
const unsupported = new Map([
  [4, 'lzma'],
  [5, 'bzip2'],
])

/**
 * What is packed in a blob: plain, or with zlib, zstd or LZ4.
 *
 * @param offset where the blob begins in the file
 * @throws `GEO_OSM_INVALID`, `GEO_OSM_LIMIT` for what unpacks to more than 32 MiB, `GEO_OSM_UNSUPPORTED` for lzma and bzip2
 */
export function unpackBlob(bytes: Uint8Array, offset: number): Uint8Array {
  const fields = new Fields(bytes, offset).enter(0, bytes.length)
  let size: number | undefined
  let kind = 0
  let packed: Uint8Array | undefined
  while (fields.next()) {
    if (fields.field === rawSize) size = fields.number()
    else if (fields.wireType === 2) {
      kind = fields.field
      packed = bytes.subarray(fields.from, fields.end)
    }
  }
  if (packed === undefined) throw fields.invalid('a blob without content', 0)
  if (unsupported.has(kind)) throw osmErrors.GEO_OSM_UNSUPPORTED({ feature: unsupported.get(kind) })
  const content = unpack(packed, { kind, size, offset })
  if (size !== undefined && content.length !== size)
    throw osmErrors.GEO_OSM_INVALID({ offset, reason: `a blob of ${content.length} bytes instead of ${size}` })
  return content
}

interface Packed {
  readonly kind: number
  readonly size: number | undefined
  readonly offset: number
}

function unpack(packed: Uint8Array, { kind, size, offset }: Packed): Uint8Array {
  checkSize('a blob', size ?? packed.length, { limit: longestBlob, offset })
  if (kind === raw) return packed
  try {
    if (kind === zlib) return decompress(packed, { format: 'zlib', limit: size ?? longestBlob })
    if (kind === zstd) return decompress(packed, { format: 'zstd', limit: size ?? longestBlob })
    if (kind === lz4) return lz4Decompress(packed, size ?? 0)
  } catch (cause) {
    if (!ExprsnError.is(cause)) throw cause
    throw cause.code === 'CORE_BYTES_DECOMPRESSION_LIMIT'
      ? osmErrors.GEO_OSM_LIMIT(
          { what: 'a blob', size: `more than ${size ?? longestBlob}`, limit: longestBlob, offset },
          { cause },
        )
      : osmErrors.GEO_OSM_INVALID({ offset, reason: cause.message }, { cause })
  }
  throw osmErrors.GEO_OSM_UNSUPPORTED({ feature: `compression ${kind}` })
}
