import type { Chunker } from './chunker.ts'

/**
 * Cuts every `size` bytes: for files that are changed in place, page by page, such as a database's.
 *
 * @example
 * ```ts
 * import { fixedChunker } from '@exprsn/backup'
 *
 * const chunker = fixedChunker(8_192)
 * const bytes = new Uint8Array(20_000)
 * console.log(chunker.cut(bytes)) // 8192
 * ```
 */
export function fixedChunker(size: number): Chunker {
  return { maxSize: size, cut: (bytes) => (bytes.length >= size ? size : 0), reset() {} }
}
