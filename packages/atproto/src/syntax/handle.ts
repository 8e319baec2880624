const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const shape = new RegExp(`^(?:${label}\\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

/** What stands in place of a handle that could not be verified. */
export const invalidHandle = 'handle.invalid'

/** Top-level domains that name nobody on the open internet (RFC 6761, RFC 6762, RFC 7686, RFC 9476 and ICANN's `internal`). */
const reserved = new Set(['alt', 'arpa', 'example', 'internal', 'invalid', 'local', 'localhost', 'onion'])

/**
 * Whether the text is a handle: a host name of at least two labels, at most 253 characters.
 *
 * @example
 * ```ts
 * import { isHandle } from '@exprsn/atproto/syntax'
 *
 * console.log(isHandle('alice.example'), isHandle('alice')) // true false
 * ```
 */
export function isHandle(text: string): boolean {
  return text.length <= 253 && shape.test(text)
}

/** Whether a handle lies below a top-level domain that no account can have. `.test` is not among them: it is for networks of one's own. */
export function isReservedHandle(handle: string): boolean {
  return reserved.has(handle.slice(handle.lastIndexOf('.') + 1).toLowerCase())
}
