const shape = /^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$/

/**
 * Whether the text is a DID of any method, at most 2048 characters.
 *
 * @example
 * ```ts
 * import { isDid } from '@exprsn/atproto/syntax'
 *
 * console.log(isDid('did:web:example.com'), isDid('did:web')) // true false
 * ```
 */
export function isDid(text: string): boolean {
  return text.length <= 2048 && shape.test(text)
}

/** The method of a DID: `plc` of `did:plc:…`. */
export function didMethod(did: string): string {
  return did.slice(4, did.indexOf(':', 4))
}
