/** CRC-32 (ISO 3309, as in gzip): node:zlib's is done by the processor, some GB/s. */
export function crc32(bytes: Uint8Array): number {
  // Loaded on first use: node:zlib brings all of node:stream with it.
  return process.getBuiltinModule('node:zlib').crc32(bytes)
}
