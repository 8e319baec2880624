import { timingSafeEqual } from 'node:crypto'

/**
 * Whether two byte strings are equal, in a time that depends on their length alone: for signatures, tokens and hashes.
 * That their lengths differ is not kept secret.
 *
 * @example
 * ```ts
 * import { equalConstantTime } from '@exprsn/core/bytes'
 *
 * console.log(equalConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 2))) // true
 * ```
 */
export function equalConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right)
}
