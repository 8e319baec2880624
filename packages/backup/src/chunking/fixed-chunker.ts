import type { Chunker } from './chunker.ts'

/** Cuts every `size` bytes: for files that are changed in place, page by page, such as a database's. */
export function fixedChunker(size: number): Chunker {
  return { maxSize: size, cut: (bytes) => (bytes.length >= size ? size : 0), reset() {} }
}
