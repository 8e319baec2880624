import { concatBytes } from './concat-bytes.ts'
import { bytesErrors } from './errors.ts'
import { detectCompression, gzipSizeHint, readZstdFrame, type CompressionFormat } from './compression-format.ts'

/** Options of {@link decompress}. */
export interface DecompressOptions {
  /** The most bytes that may come out. An input that unpacks to more is refused without unpacking it all. */
  readonly limit: number
  /** `zlib` has to be named. @default what the first bytes say: zstd or gzip */
  readonly format?: CompressionFormat | undefined
}

/** Output is unpacked into pieces of at most this size: a frame's header may lie about the size of its content. */
const largestPiece = 4 * 2 ** 20

/**
 * Unpacks zstd (RFC 8878), gzip (RFC 1952) or zlib (RFC 1950) data in one go, all of its frames, with a hard limit on what
 * comes out. Unlike node:zlib alone it never drops what follows the first zstd frame or a zlib stream, nor takes a cut input
 * for a whole one.
 *
 * @throws `CORE_BYTES_DECOMPRESSION_LIMIT`, `CORE_BYTES_COMPRESSION_INVALID`, `CORE_BYTES_COMPRESSION_UNKNOWN`.
 * @example
 * ```ts
 * import { decompress } from '@exprsn/core/bytes'
 * import { gzipSync } from 'node:zlib'
 *
 * const bytes = decompress(gzipSync('hello'), { limit: 1024 })
 * console.log(new TextDecoder().decode(bytes)) // hello
 * ```
 */
export function decompress(
  bytes: Uint8Array,
  { limit, format = detectCompression(bytes) }: DecompressOptions,
): Uint8Array {
  if (!(limit >= 0)) throw bytesErrors.CORE_BYTES_LIMIT_INVALID({ limit })
  if (format === 'gzip') return gunzip(bytes, limit)
  return format === 'zlib' ? inflate(bytes, limit) : unzstd(bytes, limit)
}

function gunzip(bytes: Uint8Array, limit: number): Uint8Array {
  const options = sizedFor(gzipSizeHint(bytes), limit)
  return refuseAbove(
    limit,
    'gzip',
    limit,
    guarded('gzip', limit, () => zlib().gunzipSync(bytes, options)),
  )
}

/** node:zlib passes over what follows the stream, so what it took is compared with what there was. */
function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  // The declared return type does not know the `info` option, which node:zlib documents for every one-shot call.
  const unpack = zlib().inflateSync as unknown as (bytes: Uint8Array, options: object) => ZlibInfo
  const options = { ...sizedFor(bytes.length * 8, limit), info: true }
  // A piece that is filled to its end makes node:zlib ask for another and join the two.
  options.chunkSize += 64
  const { buffer, engine } = guarded('zlib', limit, () => unpack(bytes, options))
  const content = refuseAbove(limit, 'zlib', limit, buffer)
  if (engine.bytesWritten !== bytes.length)
    throw bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'zlib', reason: 'something follows its end' })
  return content
}

/** node:zlib's one-shot call stops after the first frame and skips the rest in silence, hence the loop. */
function unzstd(bytes: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = []
  let total = 0
  let rest = bytes
  do {
    const frame = readZstdFrame(rest)
    if (frame.kind === 'skippable') {
      rest = rest.subarray(frame.length)
      continue
    }
    if (frame.contentSize !== undefined && frame.contentSize > limit - total)
      throw bytesErrors.CORE_BYTES_DECOMPRESSION_LIMIT({ format: 'zstd', limit })
    const { content, consumed } = unzstdFrame(rest, frame.contentSize, limit - total, limit)
    parts.push(content)
    total += content.length
    rest = rest.subarray(consumed)
  } while (rest.length > 0)
  return parts.length === 1 ? parts[0]! : concatBytes(parts)
}

function unzstdFrame(bytes: Uint8Array, contentSize: number | undefined, room: number, limit: number) {
  const options = { ...sizedFor(contentSize ?? bytes.length * 4, room), info: true }
  // The declared return type does not know the `info` option, which node:zlib documents for every one-shot call.
  const unpack = zlib().zstdDecompressSync as unknown as (bytes: Uint8Array, options: object) => ZlibInfo
  const { buffer, engine } = guarded('zstd', limit, () => unpack(bytes, options))
  return { content: refuseAbove(room, 'zstd', limit, buffer), consumed: engine.bytesWritten }
}

interface ZlibInfo {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

/** A piece of the result's exact size saves a copy; an oversized one costs more than it saves. */
function sizedFor(size: number, limit: number): { chunkSize: number; maxOutputLength: number } {
  return {
    chunkSize: Math.max(64, Math.min(size, limit, largestPiece)),
    maxOutputLength: Math.max(1, Math.min(limit, Number.MAX_SAFE_INTEGER)),
  }
}

/** node:zlib takes no limit of 0, so one byte may have come out of an input that may hold none. */
function refuseAbove(room: number, format: CompressionFormat, limit: number, content: Uint8Array): Uint8Array {
  if (content.length > room) throw bytesErrors.CORE_BYTES_DECOMPRESSION_LIMIT({ format, limit })
  return content
}

function guarded<Result>(format: CompressionFormat, limit: number, unpack: () => Result): Result {
  try {
    return unpack()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw bytesErrors.CORE_BYTES_DECOMPRESSION_LIMIT({ format, limit }, { cause })
    throw bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format, reason: message }, { cause })
  }
}

/** Loaded on first use: node:zlib brings all of node:stream with it. */
function zlib(): typeof import('node:zlib') {
  return process.getBuiltinModule('node:zlib')
}
