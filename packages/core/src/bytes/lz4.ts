import { bytesErrors } from './errors.ts'

/** A copy is at least this long (LZ4 block format, "Matches"). */
const shortestMatch = 4

/**
 * Unpacks one LZ4 block (lz4_Block_format.md of the LZ4 project), without the frame that the `lz4` program writes around
 * blocks: the size is stored beside it, as OpenStreetMap's PBF files do.
 *
 * @param size The exact size of the content in bytes
 * @throws `CORE_BYTES_COMPRESSION_INVALID` when the block is damaged or does not unpack to `size` bytes,
 * `CORE_BYTES_LIMIT_INVALID` for a size that is not a number of bytes
 * @example
 * ```ts
 * import { lz4Decompress } from '@exprsn/core/bytes'
 *
 * const block = Uint8Array.of(0x13, 97, 1, 0, 0x50, 98, 99, 100, 101, 102)
 * console.log(new TextDecoder().decode(lz4Decompress(block, 13))) // aaaaaaaabcdef
 * ```
 */
export function lz4Decompress(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(size) || size < 0) throw bytesErrors.CORE_BYTES_LIMIT_INVALID({ limit: size })
  // A byte adds 255 to a length at best: a size beyond that is a lie, and no memory is taken for it.
  if (size > bytes.length * 255) throw invalid(`${bytes.length} bytes cannot hold ${size}`)
  const content = new Uint8Array(size)
  let at = 0
  let to = 0
  while (at < bytes.length) {
    const token = bytes[at++]!
    let literals = token >>> 4
    if (literals === 15) {
      let more: number
      do {
        if (at >= bytes.length) throw invalid(`a length ends early at byte ${at}`)
        more = bytes[at++]!
        literals += more
      } while (more === 255)
    }
    if (at + literals > bytes.length) throw invalid(`literals end early at byte ${at}`)
    if (to + literals > size) throw invalid(`more than ${size} bytes`)
    if (literals > 32) content.set(bytes.subarray(at, at + literals), to)
    else for (let index = 0; index < literals; index++) content[to + index] = bytes[at + index]!
    at += literals
    to += literals
    // The last sequence is literals alone.
    if (at === bytes.length) break
    if (at + 2 > bytes.length) throw invalid(`a copy ends early at byte ${at}`)
    const offset = bytes[at]! | (bytes[at + 1]! << 8)
    if (offset === 0 || offset > to) throw invalid(`a copy from before the start at byte ${at}`)
    at += 2
    let length = (token & 15) + shortestMatch
    if ((token & 15) === 15) {
      let more: number
      do {
        if (at >= bytes.length) throw invalid(`a length ends early at byte ${at}`)
        more = bytes[at++]!
        length += more
      } while (more === 255)
    }
    if (at === bytes.length) throw invalid('it ends with a copy')
    if (to + length > size) throw invalid(`more than ${size} bytes`)
    if (offset >= length && length > 32) content.copyWithin(to, to - offset, to - offset + length)
    else for (let index = 0; index < length; index++) content[to + index] = content[to + index - offset]!
    to += length
  }
  if (to !== size) throw invalid(`${to} bytes instead of ${size}`)
  return content
}

function invalid(reason: string) {
  return bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'LZ4', reason })
}
