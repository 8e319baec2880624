import { decompress } from '@exprsn/core/bytes'
import { constants, zstdCompressSync } from 'node:zlib'
import { Scratch } from './scratch.ts'
import { zstdPacker, zstdUnpacker, type ZstdEngine } from './zstd-engine.ts'
import { isOneZstdFrame } from './zstd-frame.ts'

/** How hard content is compressed. */
export interface CompressionSettings {
  /** zstd's level. */
  readonly level: number
  /** zstd's shortest match; 0: what the level says. */
  readonly minMatch: number
}

/**
 * Level 2 with matches of 5 bytes: the size of restic's own zstd within 0.2 %, for three quarters of the time of level 3
 * (measured on 1.3 GB of a Linux system's files).
 */
export const defaultCompression: CompressionSettings = { level: 2, minMatch: 5 }

/**
 * For pages of a database: as small as by {@link defaultCompression} within 2 %, but for a third less time on a table of hashes, and as
 * much on pgbench's accounts and their index. What repeats from row to row is long: shorter matches, which the level would take, cost
 * more than the bytes that they stand for. Without them the hashes take 2 % less room and a tenth less time (chunks of 256 KiB, Node 24).
 */
export const pageCompression: CompressionSettings = { level: 1, minMatch: 7 }

/** What is longer, such as the list of a folder with a million entries, is compressed with memory of its own. */
const largestShared = 8 * 1_024 * 1_024 + 1
/** Content that is hardly smaller when compressed is stored as it is. */
const worthwhile = 0.97

/** Compresses many contents one after the other, with one context and one piece of memory. */
export type Compressor = (bytes: Uint8Array) => Uint8Array | undefined

/**
 * A compressor; what it returns is valid until its next call. Undefined: it is not worth it, the content is stored as it is.
 *
 * @param settings undefined: nothing is worth it
 */
export function createCompressor(settings: CompressionSettings | undefined): Compressor {
  const scratch = new Scratch()
  let engine: ZstdEngine | undefined
  let isOpen = false
  return (bytes) => {
    if (settings === undefined || bytes.length === 0) return undefined
    if (!isOpen) engine = zstdPacker(settings)
    isOpen = true
    const packed = packShared(bytes) ?? compress(bytes, settings)
    return packed.length < bytes.length * worthwhile ? packed : undefined
  }

  function packShared(bytes: Uint8Array): Uint8Array | undefined {
    if (engine === undefined || bytes.length > largestShared) return undefined
    const target = scratch.take(mostPacked(bytes))
    const length = engine.run(bytes, target)
    const packed = length === undefined ? undefined : target.subarray(0, length)
    if (packed !== undefined && isOneZstdFrame(packed, bytes.length)) return packed
    engine = undefined
    return undefined
  }
}

/** Compresses into one zstd frame that names its content's size. */
export function compress(bytes: Uint8Array, { level, minMatch }: CompressionSettings): Uint8Array {
  const params: Record<number, number> = { [constants.ZSTD_c_compressionLevel]: level }
  if (minMatch > 0) params[constants.ZSTD_c_minMatch] = minMatch
  // A bound as chunk size gives the result in one piece: node:zlib else grows it 16 KiB at a time.
  const chunkSize = mostPacked(bytes)
  return zstdCompressSync(bytes, { params, chunkSize, pledgedSrcSize: bytes.length } as Parameters<
    typeof zstdCompressSync
  >[1])
}

/** Bytes that zstd never goes beyond (its `ZSTD_COMPRESSBOUND`, rounded up). */
function mostPacked({ length }: Uint8Array): number {
  return Math.max(64, length + (length >> 7) + 512)
}

/** One for all: between calls it keeps nothing of what went through it. */
let unpacker: ZstdEngine | undefined

/**
 * Decompresses what must come to exactly `size` bytes, or undefined when it does not.
 *
 * @param scratch where the result may lie; without it, in memory of its own
 */
export function decompressExactly(bytes: Uint8Array, size: number, scratch?: Scratch): Uint8Array | undefined {
  if (size <= largestShared && isOneZstdFrame(bytes, size)) {
    const target = scratch?.take(size) ?? new Uint8Array(size)
    unpacker ??= zstdUnpacker()
    if (unpacker?.run(bytes, target) === size) return target
    unpacker = undefined
  }
  try {
    const plain = decompress(bytes, { limit: size, format: 'zstd' })
    return plain.length === size ? plain : undefined
  } catch {
    return undefined
  }
}
