import { bytesErrors } from './errors.ts'

/** A compression format that {@link decompress} unpacks. zlib has no mark of its own, so it has to be named. */
export type CompressionFormat = 'zstd' | 'gzip' | 'zlib'

/** Bytes 28 B5 2F FD (RFC 8878 §3.1.1). */
const zstdMagic = 0xfd2f_b528
/** The sixteen numbers that start a skippable frame, their lowest four bits cleared (RFC 8878 §3.1.2). */
const skippableMagic = 0x184d_2a50

/** What a zstd frame says about itself before its first block. */
export type ZstdFrame =
  | { readonly kind: 'content'; readonly contentSize: number | undefined }
  | { readonly kind: 'skippable'; readonly length: number }

/** The format that the first bytes name. @throws `CORE_BYTES_COMPRESSION_UNKNOWN` */
export function detectCompression(bytes: Uint8Array): CompressionFormat {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  if (bytes.length >= 4 && isZstdMagic(uint32(bytes, 0))) return 'zstd'
  throw bytesErrors.CORE_BYTES_COMPRESSION_UNKNOWN()
}

/** Reads the frame header at the start of `bytes` (RFC 8878 §3.1.1.1). */
export function readZstdFrame(bytes: Uint8Array): ZstdFrame {
  const magic = bytes.length >= 4 ? uint32(bytes, 0) : 0
  if (!isZstdMagic(magic)) throw invalid('unknown frame')
  if (magic === zstdMagic) return { kind: 'content', contentSize: contentSize(bytes) }
  const length = bytes.length >= 8 ? 8 + uint32(bytes, 4) : Infinity
  if (length > bytes.length) throw invalid('unexpected end of a skippable frame')
  return { kind: 'skippable', length }
}

/** The size of the last member's content modulo 2³², from its trailer (RFC 1952 §2.3.1): a hint, not a promise. */
export function gzipSizeHint(bytes: Uint8Array): number {
  return bytes.length < 18 ? 0 : uint32(bytes, bytes.length - 4)
}

function isZstdMagic(magic: number): boolean {
  return magic === zstdMagic || (magic & 0xffff_fff0) === skippableMagic
}

function contentSize(bytes: Uint8Array): number | undefined {
  const descriptor = bytes[4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!
  const size = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!
  if (size === 0 || bytes.length < at + size) return undefined
  if (size === 1) return bytes[at]!
  if (size === 2) return 256 + bytes[at]! + bytes[at + 1]! * 256
  return uint32(bytes, at) + (size === 8 ? uint32(bytes, at + 4) * 2 ** 32 : 0)
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

function invalid(reason: string) {
  return bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'zstd', reason })
}
