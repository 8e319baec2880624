/**
 * Bytes: checksums, varints, hexadecimal, cursors that name the byte they failed at, decompression with a limit.
 *
 * @packageDocumentation
 */
export { ByteReader, type ByteOrder, type ByteOrderOptions } from './byte-reader.ts'
export { ByteWriter, type ByteWriterOptions } from './byte-writer.ts'
export type { CompressionFormat } from './compression-format.ts'
export { concatBytes } from './concat-bytes.ts'
export { crc32c } from './crc32c.ts'
export { decompress, type DecompressOptions } from './decompress.ts'
export { equalConstantTime } from './equal-constant-time.ts'
export { bytesErrors } from './errors.ts'
export { fromHex, toHex } from './hex.ts'
export { encodeVarint, unzigzag, zigzag } from './varint.ts'
