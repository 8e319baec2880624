/** Texts packed into one piece of memory, which threads can share; each is decoded when it is asked for. */
export interface TextTable {
  /** Text n are the bytes from `first[n]` up to `first[n + 1]`, UTF-8. */
  readonly first: Int32Array
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Packs texts.
 *
 * @example
 * ```ts
 * import { textAt, textTable } from '@exprsn/geo/graph'
 *
 * console.log(textAt(textTable(['', 'A 14']), 1)) // A 14
 * ```
 */
export function textTable(texts: readonly string[]): TextTable {
  const parts = texts.map((text) => encoder.encode(text))
  const first = new Int32Array(parts.length + 1)
  parts.forEach((part, index) => (first[index + 1] = first[index]! + part.length))
  const bytes = new Uint8Array(first[parts.length]!)
  parts.forEach((part, index) => bytes.set(part, first[index]))
  return { first, bytes }
}

/**
 * A text of a table, such as the name of a road.
 *
 * @example
 * ```ts
 * import { textAt, textTable } from '@exprsn/geo/graph'
 *
 * console.log(textAt(textTable(['', 'Landstrasse']), 1)) // Landstrasse
 * ```
 */
export function textAt({ first, bytes }: TextTable, index: number): string {
  // A decoder takes no shared memory, so the few bytes are copied.
  return decoder.decode(bytes.slice(first[index], first[index + 1]))
}
