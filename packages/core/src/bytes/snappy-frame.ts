import { concatBytes } from './concat-bytes.ts'
import { crc32c } from './crc32c.ts'
import { bytesErrors } from './errors.ts'
import { snappyCompress, snappyDecompress, type SnappyOptions } from './snappy-block.ts'

/** A chunk's content is at most this large (framing_format.txt §4.2). */
const largestChunk = 65_536
const identifier = /* @__PURE__ */ Uint8Array.of(0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59)
const packedChunk = 0x00
const plainChunk = 0x01

/**
 * Unpacks the Snappy framing format (google/snappy, framing_format.txt; `.sz` files), checks every checksum, and joins
 * concatenated streams.
 *
 * @throws `CORE_BYTES_COMPRESSION_INVALID`, `CORE_BYTES_DECOMPRESSION_LIMIT`
 * @example
 * ```ts
 * import { snappyFrame, snappyUnframe } from '@exprsn/core/bytes'
 *
 * console.log(snappyUnframe(snappyFrame(Uint8Array.of(1, 2, 3)), { limit: 100 }).length) // 3
 * ```
 */
export function snappyUnframe(bytes: Uint8Array, { limit }: SnappyOptions): Uint8Array<ArrayBuffer> {
  if (!(limit >= 0)) throw bytesErrors.CORE_BYTES_LIMIT_INVALID({ limit })
  const parts: Uint8Array[] = []
  let total = 0
  for (let at = 0; at === 0 || at < bytes.length;) {
    const kind = bytes[at] ?? -1
    const length = (bytes[at + 1] ?? 0) | ((bytes[at + 2] ?? 0) << 8) | ((bytes[at + 3] ?? 0) << 16)
    const end = at + 4 + length
    if (end > bytes.length) throw invalid(`a chunk ends early at byte ${at}`)
    if (at === 0 && kind !== 0xff) throw invalid('no stream identifier at its start')
    if (kind === 0xff && !startsWith(bytes.subarray(at, end), identifier))
      throw invalid(`another stream identifier at byte ${at}`)
    if (kind === packedChunk || kind === plainChunk) {
      const part = readChunk(bytes.subarray(at + 4, end), kind, at)
      total += part.length
      if (total > limit) throw bytesErrors.CORE_BYTES_DECOMPRESSION_LIMIT({ format: 'Snappy', limit })
      parts.push(part)
    } else if (kind < 0x80) throw invalid(`a chunk of the unknown kind ${kind} at byte ${at}`)
    at = end
  }
  return concatBytes(parts)
}

/**
 * Packs bytes into the Snappy framing format.
 *
 * @example
 * ```ts
 * import { snappyFrame } from '@exprsn/core/bytes'
 *
 * console.log(snappyFrame(new Uint8Array(0)).length) // 10
 * ```
 */
export function snappyFrame(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [identifier]
  for (let at = 0; at < bytes.length; at += largestChunk) {
    const content = bytes.subarray(at, at + largestChunk)
    const packed = snappyCompress(content)
    // The format advises to store what does not shrink by an eighth.
    const isSmaller = packed.length < content.length - content.length / 8
    parts.push(chunkHeader(isSmaller ? packedChunk : plainChunk, isSmaller ? packed : content, content))
    parts.push(isSmaller ? packed : content)
  }
  return concatBytes(parts)
}

function readChunk(body: Uint8Array, kind: number, at: number): Uint8Array {
  if (body.length < 4) throw invalid(`a chunk without checksum at byte ${at}`)
  const stored = new DataView(body.buffer, body.byteOffset, 4).getUint32(0, true)
  const data = body.subarray(4)
  if (kind === plainChunk && data.length > largestChunk) throw invalid(`a chunk of ${data.length} bytes at byte ${at}`)
  const content = kind === plainChunk ? data : unpack(data, at)
  if (masked(crc32c(content)) !== stored) throw invalid(`a wrong checksum at byte ${at}`)
  return content
}

function unpack(data: Uint8Array, at: number): Uint8Array {
  try {
    return snappyDecompress(data, { limit: largestChunk })
  } catch (cause) {
    const reason = `a damaged chunk at byte ${at}`
    throw bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'Snappy', reason }, { cause })
  }
}

function chunkHeader(kind: number, body: Uint8Array, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(8)
  const view = new DataView(header.buffer)
  view.setUint32(0, (((body.length + 4) << 8) | kind) >>> 0, true)
  view.setUint32(4, masked(crc32c(content)), true)
  return header
}

/** Checksums of data that holds checksums are weak: the format rotates and adds a constant (§3). */
function masked(checksum: number): number {
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282_ead8) >>> 0
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length === start.length && start.every((byte, index) => bytes[index] === byte)
}

function invalid(reason: string) {
  return bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'Snappy', reason })
}
