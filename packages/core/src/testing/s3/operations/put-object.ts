import { createHash } from 'node:crypto'
import type { Bucket, ObjectVersion } from '../bucket.ts'
import { verifyChecksum } from '../checksum.ts'
import { checkWriteConditions } from '../conditions.ts'
import type { OperationContext } from '../operation-context.ts'
import { legalHoldOf, retentionOf } from '../object-lock.ts'
import { S3Refusal } from '../s3-refusal.ts'
import type { S3Response } from '../s3-request.ts'

const longestKey = 1_024

/** PutObject (Amazon S3 API Reference, "PutObject"). */
export function putObject(context: OperationContext): S3Response {
  const { bucket, key, headers, content, now, createId } = context
  checkObjectKey(key)
  const checksum = verifyChecksum(headers, content)
  const version: ObjectVersion = {
    key,
    versionId: nextVersionId(bucket, createId),
    deleteMarker: false,
    content,
    etag: `"${createHash('md5').update(content).digest('hex')}"`,
    modifiedAt: now,
    headers: keptHeaders(context),
    checksum,
    retention: retentionOf(context),
    legalHold: legalHoldOf(context),
  }
  checkWriteConditions(headers, bucket.current(key))
  bucket.add(version)
  return { status: 200, headers: versionHeaders(bucket, version) }
}

/** Keys have at most 1,024 bytes (Amazon S3 User Guide, "Naming Amazon S3 objects"). */
export function checkObjectKey(key: string): void {
  if (Buffer.byteLength(key) > longestKey) throw new S3Refusal('KeyTooLongError')
}

/** The id of a version about to be added. */
export function nextVersionId(bucket: Bucket, createId: () => string): string {
  return bucket.versioning === 'Enabled' ? createId() : 'null'
}

/** Headers that every answer about a version carries. */
export function versionHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string | undefined> {
  const { checksum } = version
  return {
    etag: version.etag,
    ...(bucket.versioning === 'off' ? {} : { 'x-amz-version-id': version.versionId }),
    ...(checksum === undefined ? {} : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
    ...(checksum === undefined ? {} : { 'x-amz-checksum-type': version.composite ? 'COMPOSITE' : 'FULL_OBJECT' }),
  }
}

const kept = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires']

/** What is stored with an object (Amazon S3 User Guide, "Working with object metadata"): 2 KB of user metadata. */
export function keptHeaders({ headers, limits }: OperationContext): Record<string, string> {
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
  const size = metadata.reduce((sum, [name, value]) => sum + name.length - 'x-amz-meta-'.length + value.length, 0)
  if (size > limits.metadata) throw new S3Refusal('MetadataTooLarge')
  const encoding = (headers['content-encoding'] ?? '').split(',').filter((name) => name.trim() !== 'aws-chunked')
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))),
    ...(encoding.join('') === '' ? {} : { 'content-encoding': encoding.join(',') }),
    ...Object.fromEntries(metadata),
  }
}
