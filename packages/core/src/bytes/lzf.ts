import { bytesErrors } from './errors.ts'

/** A back reference reaches this far, and is at most this long. */
const farthest = 8_192
const longestMatch = 264
const longestLiteral = 32
const hashBits = 14

/**
 * Unpacks one LZF block, as Redis writes it into RDB files: the size is stored beside it.
 *
 * @param size The exact size of the content in bytes
 * @throws `CORE_BYTES_COMPRESSION_INVALID` when the block is damaged or does not unpack to `size` bytes,
 * `CORE_BYTES_LIMIT_INVALID` for a size that is not a number of bytes
 * @example
 * ```ts
 * import { lzfCompress, lzfDecompress } from '@exprsn/core/bytes'
 *
 * const text = new TextEncoder().encode('abcabcabcabcabcabc')
 * const packed = lzfCompress(text)!
 * console.log(packed.length < text.length, lzfDecompress(packed, text.length).length) // true 18
 * ```
 */
export function lzfDecompress(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(size) || size < 0) throw bytesErrors.CORE_BYTES_LIMIT_INVALID({ limit: size })
  // The densest block is three bytes for 264: a size beyond that is a lie, and no memory is taken for it.
  if (size > bytes.length * longestMatch) throw invalid(`${bytes.length} bytes cannot hold ${size}`)
  const content = new Uint8Array(size)
  let at = 0
  let to = 0
  while (at < bytes.length) {
    const control = bytes[at++]!
    if (control < longestLiteral) {
      const length = control + 1
      if (at + length > bytes.length) throw invalid(`literals end early at byte ${at}`)
      if (to + length > size) throw invalid(`more than ${size} bytes`)
      content.set(bytes.subarray(at, at + length), to)
      at += length
      to += length
      continue
    }
    let length = control >>> 5
    if (length === 7) length += bytes[at++] ?? 0
    length += 2
    if (at >= bytes.length) throw invalid(`a reference ends early at byte ${at}`)
    let from = to - ((control & 0x1f) << 8) - bytes[at++]! - 1
    if (from < 0) throw invalid(`a reference before the start at byte ${at - 1}`)
    if (to + length > size) throw invalid(`more than ${size} bytes`)
    const end = to + length
    while (to < end) content[to++] = content[from++]!
  }
  if (to !== size) throw invalid(`${to} bytes instead of ${size}`)
  return content
}

/**
 * Packs bytes into one LZF block, or gives undefined where that would not make them smaller: store them as they are, as
 * Redis does.
 *
 * @example
 * ```ts
 * import { lzfCompress } from '@exprsn/core/bytes'
 *
 * console.log(lzfCompress(new Uint8Array(1_000))!.length, lzfCompress(Uint8Array.of(1, 2, 3))) // 14 undefined
 * ```
 */
export function lzfCompress(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (bytes.length === 0) return undefined
  const packed = new Uint8Array(bytes.length)
  const seen = new Int32Array(1 << hashBits).fill(-1)
  let to = 0
  let literal = 0
  const flush = (end: number): boolean => {
    while (literal < end) {
      const length = Math.min(longestLiteral, end - literal)
      if (to + 1 + length >= packed.length) return false
      packed[to++] = length - 1
      packed.set(bytes.subarray(literal, literal + length), to)
      to += length
      literal += length
    }
    return true
  }
  for (let at = 0; at + 2 < bytes.length;) {
    const slot = hashOf(bytes, at)
    const from = seen[slot]!
    seen[slot] = at
    const offset = at - from - 1
    if (from < 0 || offset >= farthest || !sameThree(bytes, from, at)) {
      at++
      continue
    }
    const length = matchLength(bytes, from, at)
    if (!flush(at) || to + 3 >= packed.length) return undefined
    const code = length - 2
    packed[to++] = (Math.min(code, 7) << 5) | (offset >>> 8)
    if (code >= 7) packed[to++] = code - 7
    packed[to++] = offset & 255
    at += length
    literal = at
  }
  return flush(bytes.length) ? packed.slice(0, to) : undefined
}

function hashOf(bytes: Uint8Array, at: number): number {
  const three = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
  return Math.imul(three, 0x9e37_79b1) >>> (32 - hashBits)
}

function sameThree(bytes: Uint8Array, a: number, b: number): boolean {
  return bytes[a] === bytes[b] && bytes[a + 1] === bytes[b + 1] && bytes[a + 2] === bytes[b + 2]
}

function matchLength(bytes: Uint8Array, from: number, at: number): number {
  const longest = Math.min(longestMatch, bytes.length - at)
  let length = 3
  while (length < longest && bytes[from + length] === bytes[at + length]) length++
  return length
}

function invalid(reason: string) {
  return bytesErrors.CORE_BYTES_COMPRESSION_INVALID({ format: 'LZF', reason })
}
