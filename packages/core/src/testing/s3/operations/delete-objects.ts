import { verifyChecksum } from '../checksum.ts'
import { checkDeletable } from '../object-lock.ts'
import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import { queryValue, type S3Response } from '../s3-request.ts'
import { childText, readXml } from '../xml-reader.ts'
import { element, xmlDocument, type Xml } from '../xml-writer.ts'
import { nextVersionId } from './put-object.ts'

const mostKeys = 1_000

interface Deleted {
  readonly versionId: string | undefined
  readonly deleteMarker: boolean
}

/** DeleteObject (Amazon S3 API Reference, "DeleteObject"): deleting what is not there succeeds. */
export function deleteObject(context: OperationContext): S3Response {
  const { versionId, deleteMarker } = deleteVersion(context, context.key, queryValue(context.request, 'versionId'))
  return {
    status: 204,
    headers: { 'x-amz-version-id': versionId, 'x-amz-delete-marker': deleteMarker ? 'true' : undefined },
  }
}

/** DeleteObjects (Amazon S3 API Reference, "DeleteObjects"): up to 1,000 keys; a checksum of the body is required. */
export function deleteObjects(context: OperationContext): S3Response {
  const { headers, content } = context
  if (verifyChecksum(headers, content) === undefined && headers['content-md5'] === undefined)
    throw new S3Refusal('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*')
  const request = readXml(new TextDecoder().decode(content), 'Delete')
  const objects = request.children.filter((child) => child.name === 'Object')
  if (objects.length === 0 || objects.length > mostKeys) throw new S3Refusal('MalformedXML')
  const quiet = childText(request, 'Quiet') === 'true'
  const results = objects.map((object): Xml | undefined => {
    const key = childText(object, 'Key')
    if (key === undefined) throw new S3Refusal('MalformedXML')
    return deleteOne(context, key, childText(object, 'VersionId'), quiet)
  })
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: xmlDocument('DeleteResult', results) }
}

function deleteOne(
  context: OperationContext,
  key: string,
  versionId: string | undefined,
  quiet: boolean,
): Xml | undefined {
  try {
    const deleted = deleteVersion(context, key, versionId)
    if (quiet) return undefined
    const named = versionId === undefined ? undefined : element('VersionId', versionId)
    return element('Deleted', [
      element('Key', key),
      named,
      deleted.deleteMarker ? element('DeleteMarker', true) : undefined,
    ])
  } catch (error) {
    if (!(error instanceof S3Refusal)) throw error
    return element('Error', [element('Key', key), element('Code', error.code), element('Message', error.message)])
  }
}

/**
 * Without a version: removes the object, or hides it behind a delete marker where versions are kept (Amazon S3 User
 * Guide, "Working with delete markers"). With one: removes that version unless a lock holds it.
 */
function deleteVersion(context: OperationContext, key: string, versionId: string | undefined): Deleted {
  const { bucket, now, createId } = context
  if (versionId !== undefined) {
    const version = bucket.version(key, versionId)
    if (version !== undefined) checkDeletable(version, context)
    bucket.remove(key, versionId)
    return { versionId, deleteMarker: version?.deleteMarker ?? false }
  }
  if (bucket.versioning === 'off') {
    bucket.remove(key, 'null')
    return { versionId: undefined, deleteMarker: false }
  }
  const markerId = nextVersionId(bucket, createId)
  const content = new Uint8Array()
  bucket.add({ key, versionId: markerId, deleteMarker: true, content, etag: '', modifiedAt: now, headers: {} })
  return { versionId: markerId, deleteMarker: true }
}
