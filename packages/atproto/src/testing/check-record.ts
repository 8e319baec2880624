import { Cid, type DataObject } from '../codec/index.ts'
import type { FakeAccount } from './fake-account.ts'
import { invalidRequest } from './xrpc-error.ts'
import { textOf } from './text-of.ts'

const mostGraphemes = 300
const mostTextBytes = 3_000
const mostImageBytes = 2_000_000

/** What the real server says of a record whose lexicon it knows, or does not know. */
export type ValidationStatus = 'valid' | 'unknown' | undefined

/**
 * The checks of a record that the fake shares with the real server: its type, the length of a post, and blobs that are not
 * there. All other lexicons are unknown to it.
 */
export function checkRecord(
  { blobs }: FakeAccount,
  collection: string,
  value: DataObject,
  validate: unknown,
): ValidationStatus {
  if (value.$type !== collection)
    throw invalidRequest(`Invalid $type: expected ${collection}, got ${textOf(value.$type)}`)
  if (validate === true && collection !== 'app.bsky.feed.post')
    throw invalidRequest(`Lexicon not found: lex:${collection}`)
  if (validate !== false && collection === 'app.bsky.feed.post') checkPost(value)
  for (const blob of blobRefs(value)) {
    const stored = blobs.get(textOf(blob.ref))
    if (stored === undefined) throw invalidRequest(`Could not find blob: ${textOf(blob.ref)}`, 'BlobNotFound')
    if (stored.mimeType !== blob.mimeType) throw invalidRequest('Referenced Mimetype does not match', 'InvalidMimeType')
    if (stored.bytes.length !== blob.size) throw invalidRequest('Referenced Size does not match', 'InvalidSize')
    const isImage = stored.mimeType.startsWith('image/')
    if (collection === 'app.bsky.feed.post' && isImage && stored.bytes.length > mostImageBytes)
      throw invalidRequest(
        `This file is too large. It is ${stored.bytes.length} but the maximum size is ${mostImageBytes}.`,
      )
  }
  if (validate === false) return undefined
  return collection === 'app.bsky.feed.post' ? 'valid' : 'unknown'
}

function checkPost({ text, createdAt }: DataObject): void {
  if (typeof text !== 'string') throw invalidRequest('Invalid app.bsky.feed.post record: Missing required key "text"')
  if (typeof createdAt !== 'string')
    throw invalidRequest('Invalid app.bsky.feed.post record: Missing required key "createdAt"')
  if (Buffer.byteLength(text) > mostTextBytes)
    throw invalidRequest(`Invalid app.bsky.feed.post record: text must not be longer than ${mostTextBytes} bytes`)
  const graphemes = [...new Intl.Segmenter().segment(text)].length
  if (graphemes > mostGraphemes)
    throw invalidRequest(`Invalid app.bsky.feed.post record: text must not be longer than ${mostGraphemes} graphemes`)
}

function blobRefs(value: unknown): DataObject[] {
  if (Array.isArray(value)) return value.flatMap(blobRefs)
  if (typeof value !== 'object' || value === null || value instanceof Cid || value instanceof Uint8Array) return []
  const object = value as DataObject
  return object.$type === 'blob' ? [object] : Object.values(object).flatMap(blobRefs)
}
