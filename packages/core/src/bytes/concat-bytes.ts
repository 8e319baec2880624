/**
 * The parts one after the other, in memory of their own.
 *
 * @example
 * ```ts
 * import { concatBytes } from '@exprsn/core/bytes'
 *
 * console.log(concatBytes([Uint8Array.of(1, 2), Uint8Array.of(3)]).length) // 3
 * ```
 */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
