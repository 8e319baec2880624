import type { ObjectVersion } from '../bucket.ts'
import { isNotModified } from '../conditions.ts'
import { lockHeaders } from '../object-lock.ts'
import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import { queryValue, type S3Response } from '../s3-request.ts'
import { versionHeaders } from './put-object.ts'

/** GetObject and HeadObject (Amazon S3 API Reference, "GetObject", "HeadObject"). */
export function getObject(context: OperationContext): S3Response {
  const { bucket, headers } = context
  const version = wantedVersion(context)
  const whole = versionHeaders(bucket, version)
  if (isNotModified(headers, version)) return { status: 304, headers: whole }

  const size = version.content.length
  const range = parseRange(headers['range'], size)
  const content = range === undefined ? version.content : version.content.subarray(range.start, range.end)
  // The checksum is the whole object's: it is not sent with a part of it.
  const hidden = headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined ? undefined : checksumNames(whole)
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...version.headers,
      ...whole,
      ...hidden,
      ...lockHeaders(version),
      'accept-ranges': 'bytes',
      'last-modified': new Date(version.modifiedAt).toUTCString(),
      'content-range': range && `bytes ${range.start}-${range.end - 1}/${size}`,
      'content-length': String(content.length),
    },
    body: content,
  }
}

/** The version that a request names, or the present one. */
export function wantedVersion({ bucket, key, request }: OperationContext): ObjectVersion {
  const versionId = queryValue(request, 'versionId')
  if (versionId === undefined) {
    const current = bucket.current(key)
    if (current === undefined) throw new S3Refusal('NoSuchKey')
    return current
  }
  if (versionId === '') throw new S3Refusal('InvalidArgument', 'Version id cannot be the empty string')
  if (!isVersionId(versionId)) throw new S3Refusal('InvalidArgument', 'Invalid version id specified')
  const version = bucket.version(key, versionId)
  if (version === undefined) throw new S3Refusal('NoSuchVersion')
  if (version.deleteMarker) throw new S3Refusal('MethodNotAllowed')
  return version
}

/** Ids that the service could have given: others are refused before it looks for them. */
function isVersionId(versionId: string): boolean {
  return versionId === 'null' || /^[0-9a-f-]{36}$/.test(versionId)
}

function checksumNames(headers: Readonly<Record<string, string | undefined>>): Record<string, undefined> {
  const names = Object.keys(headers).filter((name) => name.startsWith('x-amz-checksum-'))
  return Object.fromEntries(names.map((name) => [name, undefined]))
}

/** One range of bytes (RFC 9110 §14.1.2); another unit, several ranges or nonsense are ignored, as the service does. */
function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return undefined
  const suffix = match[1] === ''
  const start = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1])
  const end = suffix || match[2] === '' ? size : Math.min(size, Number(match[2]) + 1)
  if (!suffix && match[2] !== '' && Number(match[2]) < start) return undefined
  if (start >= size || (suffix && match[2] === '0')) throw new S3Refusal('InvalidRange')
  return { start, end }
}
