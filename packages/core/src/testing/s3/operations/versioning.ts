import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import type { S3Response } from '../s3-request.ts'
import { childText, readXml } from '../xml-reader.ts'
import { element, xmlDocument } from '../xml-writer.ts'

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
