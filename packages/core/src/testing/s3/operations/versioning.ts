import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import { queryValue, type S3Response } from '../s3-request.ts'
import { childText, readXml } from '../xml-reader.ts'
import { element, xmlDocument } from '../xml-writer.ts'
import { encoder } from './list-objects.ts'

const xmlHeaders = { 'content-type': 'application/xml' }

/** GetBucketVersioning (Amazon S3 API Reference, "GetBucketVersioning"). */
export function getVersioning({ bucket }: OperationContext): S3Response {
  const status = bucket.versioning === 'off' ? undefined : element('Status', bucket.versioning)
  return { status: 200, headers: xmlHeaders, body: xmlDocument('VersioningConfiguration', [status]) }
}

/** PutBucketVersioning (Amazon S3 API Reference, "PutBucketVersioning"): a bucket with object lock cannot suspend it. */
export function putVersioning({ bucket, content }: OperationContext): S3Response {
  const status = childText(readXml(new TextDecoder().decode(content), 'VersioningConfiguration'), 'Status')
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Refusal('MalformedXML')
  if (status === 'Suspended' && bucket.objectLock)
    throw new S3Refusal(
      'InvalidRequest',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    )
  bucket.versioning = status
  return { status: 200 }
}

/** ListObjectVersions (Amazon S3 API Reference, "ListObjectVersions"), always one page. */
export function listVersions({ bucket, request }: OperationContext): S3Response {
  const prefix = queryValue(request, 'prefix') ?? ''
  const encode = encoder(request)
  const rows = bucket
    .keys()
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) =>
      bucket
        .versions(key)
        .map((version, index) =>
          element(version.deleteMarker ? 'DeleteMarker' : 'Version', [
            element('Key', encode(key)),
            element('VersionId', version.versionId),
            element('IsLatest', index === 0),
            element('LastModified', new Date(version.modifiedAt).toISOString()),
            version.deleteMarker ? undefined : element('ETag', version.etag),
            version.deleteMarker ? undefined : element('Size', version.content.length),
          ]),
        ),
    )
  const head = [element('Name', bucket.name), element('Prefix', encode(prefix)), element('IsTruncated', false)]
  return { status: 200, headers: xmlHeaders, body: xmlDocument('ListVersionsResult', [...head, ...rows]) }
}
