import type { ObjectVersion } from './bucket.ts'
import { S3Refusal } from './s3-refusal.ts'

type Headers = Readonly<Record<string, string>>

/**
 * Conditions of a write (Amazon S3 User Guide, "How to prevent object overwrites with conditional writes"): only
 * `If-None-Match: *` and `If-Match` with an etag exist; `If-Match` on a missing object is 404.
 */
export function checkWriteConditions(headers: Headers, current: ObjectVersion | undefined): void {
  const ifNoneMatch = headers['if-none-match']
  const ifMatch = headers['if-match']
  if (ifNoneMatch !== undefined && (ifNoneMatch !== '*' || ifMatch !== undefined)) throw new S3Refusal('NotImplemented')
  if (ifNoneMatch === '*' && current !== undefined) throw new S3Refusal('PreconditionFailed')
  if (ifMatch === undefined) return
  if (current === undefined) throw new S3Refusal('NoSuchKey')
  if (!sameTag(ifMatch, current.etag)) throw new S3Refusal('PreconditionFailed')
}

/**
 * Conditions of a read, in the order of RFC 9110 §13.2.2: true when the answer is 304.
 */
export function isNotModified(headers: Headers, { etag, modifiedAt }: ObjectVersion, prefix = ''): boolean {
  const modifiedSecond = Math.floor(modifiedAt / 1_000) * 1_000
  const ifMatch = headers[`${prefix}if-match`]
  const unmodifiedSince = dateOf(headers[`${prefix}if-unmodified-since`])
  if (ifMatch !== undefined) {
    if (!matchesAny(ifMatch, etag)) throw new S3Refusal('PreconditionFailed')
  } else if (unmodifiedSince !== undefined && modifiedSecond > unmodifiedSince)
    throw new S3Refusal('PreconditionFailed')
  const ifNoneMatch = headers[`${prefix}if-none-match`]
  if (ifNoneMatch !== undefined) return matchesAny(ifNoneMatch, etag)
  const modifiedSince = dateOf(headers[`${prefix}if-modified-since`])
  return modifiedSince !== undefined && modifiedSecond <= modifiedSince
}

function matchesAny(list: string, etag: string): boolean {
  return list.split(',').some((tag) => tag.trim() === '*' || sameTag(tag.trim(), etag))
}

/** Clients send etags with or without quotes. */
export function sameTag(left: string, right: string): boolean {
  return left.replaceAll('"', '') === right.replaceAll('"', '')
}

function dateOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}
