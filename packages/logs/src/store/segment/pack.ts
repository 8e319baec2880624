import { decompress } from '@exprsn/core/bytes'

const level = 3

/** zstd with a checksum of the content, so that every flipped bit is found when it is read. */
export function pack(bytes: Uint8Array): Uint8Array {
  const { constants, zstdCompressSync } = process.getBuiltinModule('node:zlib')
  return zstdCompressSync(bytes, {
    // Larger than what comes out: node:zlib joins pieces otherwise.
    chunkSize: Math.max(64, bytes.length + (bytes.length >> 7) + 128),
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  })
}

/** What {@link pack} was given; the size is known and never exceeded. */
export function unpack(bytes: Uint8Array, size: number): Uint8Array {
  const content = decompress(bytes, { limit: size, format: 'zstd' })
  if (content.length !== size) throw new RangeError(`it unpacks to ${content.length} bytes instead of ${size}`)
  return content
}
