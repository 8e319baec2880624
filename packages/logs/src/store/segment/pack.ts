const level = 3

/** Texts of a block are packed to less than a third nearly always. */
const largeBytes = 128 * 1_024

/** zstd with a checksum of the content, so that every flipped bit is found when it is read. */
export function pack(bytes: Uint8Array): Uint8Array {
  const { constants, zstdCompressSync } = process.getBuiltinModule('node:zlib')
  return zstdCompressSync(bytes, {
    // Larger than what comes out: node:zlib joins pieces otherwise. What is kept holds all of its piece, so that it is not much
    // larger where that counts.
    chunkSize: bytes.length < largeBytes ? bytes.length + (bytes.length >> 7) + 128 : Math.floor(bytes.length / 3),
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  })
}

/** Pieces that unpack in one; larger ones are put together. */
const largestPiece = 16 * 2 ** 20

/**
 * What {@link pack} was given; the size is known and never exceeded.
 *
 * @throws RangeError and errors of node:zlib
 */
export function unpack(bytes: Uint8Array, size: number): Uint8Array {
  // The declared return type does not know the `info` option, which node:zlib documents for every one-shot call.
  const unzstd = process.getBuiltinModule('node:zlib').zstdDecompressSync as unknown as (
    bytes: Uint8Array,
    options: object,
  ) => { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
  const { buffer, engine } = unzstd(bytes, {
    // Larger than what comes out: node:zlib makes another piece as large as the first when that is filled to its end.
    chunkSize: Math.max(64, Math.min(size, largestPiece) + 1),
    maxOutputLength: Math.max(1, size),
    info: true,
  })
  if (buffer.length !== size) throw new RangeError(`it unpacks to ${buffer.length} bytes instead of ${size}`)
  if (engine.bytesWritten !== bytes.length) throw new RangeError('something follows its end')
  return buffer
}
