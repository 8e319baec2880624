import { isDid } from './did.ts'
import { syntaxErrors } from './errors.ts'
import { isHandle } from './handle.ts'
import { isNsid } from './nsid.ts'
import { isRecordKey } from './record-key.ts'

/** What an at:// URI names. */
export interface AtUri {
  /** A DID or a handle. */
  readonly authority: string
  readonly collection: string | undefined
  readonly rkey: string | undefined
}

/** Whether the text is an account's name: a DID or a handle. */
export function isAtIdentifier(text: string): boolean {
  return isDid(text) || isHandle(text)
}

/** Whether the text is an at:// URI of an account, a collection or a record. */
export function isAtUri(text: string): boolean {
  return readAtUri(text) !== undefined
}

/**
 * Takes an at:// URI apart.
 *
 * @throws `ATPROTO_SYNTAX_INVALID`
 * @example
 * ```ts
 * import { parseAtUri } from '@exprsn/atproto/syntax'
 *
 * console.log(parseAtUri('at://alice.example/app.bsky.feed.post/3jui7kd54zh2y').rkey) // 3jui7kd54zh2y
 * ```
 */
export function parseAtUri(text: string): AtUri {
  const uri = readAtUri(text)
  if (uri === undefined) throw syntaxErrors.ATPROTO_SYNTAX_INVALID({ value: text, format: 'at:// URI' })
  return uri
}

function readAtUri(text: string): AtUri | undefined {
  if (text.length > 8192 || !text.startsWith('at://')) return undefined
  const [authority = '', collection, rkey, ...others] = text.slice(5).split('/')
  if (others.length > 0 || !isAtIdentifier(authority)) return undefined
  if (collection !== undefined && !isNsid(collection)) return undefined
  if (rkey !== undefined && !isRecordKey(rkey)) return undefined
  return { authority, collection, rkey }
}
