import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether two texts are equal, in a time that tells nothing about the one that is secret: digests are compared, which have the same
 * length, whatever was sent. For a password or a token that all callers share.
 *
 * @example
 * ```ts
 * import { equalSecrets } from '@exprsn/core/bytes'
 *
 * console.log(equalSecrets('guessed', 'the token')) // false
 * ```
 */
export function equalSecrets(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
