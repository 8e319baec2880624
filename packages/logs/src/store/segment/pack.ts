const level = 3

/** zstd with a checksum of the content, so that every flipped bit is found when it is read. */
export function pack(bytes: Uint8Array): Uint8Array {
  const { constants, zstdCompressSync } = process.getBuiltinModule('node:zlib')
  // All that can come out fits: zstd needs no memory of its own to collect it in, and node:zlib has no pieces to join.
  const chunkSize = bytes.length + (bytes.length >> 8) + 512
  const packed = zstdCompressSync(bytes, {
    chunkSize,
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  })
  const own = new Uint8Array(packed)
  // What is kept is a fraction of it.
  if (packed.buffer.byteLength === chunkSize) (packed.buffer as ArrayBuffer).transfer(0)
  return own
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
