import { checkWriteConditions, isNotModified } from '../conditions.ts'
import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import type { S3Response } from '../s3-request.ts'
import { element, xmlDocument } from '../xml-writer.ts'
import { checkObjectKey, keptHeaders, nextVersionId, versionHeaders } from './put-object.ts'

/** CopyObject (Amazon S3 API Reference, "CopyObject"): an object onto itself must change something. */
export function copyObject(context: OperationContext): S3Response {
  const { bucket, buckets, key, headers, now, createId } = context
  checkObjectKey(key)
  const match = /^\/?([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(headers['x-amz-copy-source'] ?? '')
  if (match === null)
    throw new S3Refusal(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: /sourcebucket/sourcekey',
    )
  const [, sourceBucket, sourceKey, versionId] = match as unknown as [string, string, string, string | undefined]
  const from = buckets.get(sourceBucket)
  if (from === undefined) throw new S3Refusal('NoSuchBucket')
  const decoded = decodeURIComponent(sourceKey)
  const source = versionId === undefined ? from.current(decoded) : from.version(decoded, versionId)
  if (source === undefined || source.deleteMarker) throw new S3Refusal('NoSuchKey')
  if (isNotModified(headers, source, 'x-amz-copy-source-')) throw new S3Refusal('PreconditionFailed')
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE'
  if (!replaces && from === bucket && decoded === key && versionId === undefined)
    throw new S3Refusal(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing it.',
    )
  checkWriteConditions(headers, bucket.current(key))
  const version = {
    ...source,
    key,
    versionId: nextVersionId(bucket, createId),
    modifiedAt: now,
    headers: replaces ? keptHeaders(context) : source.headers,
    retention: undefined,
    legalHold: false,
  }
  bucket.add(version)
  const body = xmlDocument('CopyObjectResult', [
    element('LastModified', new Date(now).toISOString()),
    element('ETag', version.etag),
  ])
  return { status: 200, headers: { ...versionHeaders(bucket, version), 'content-type': 'application/xml' }, body }
}
