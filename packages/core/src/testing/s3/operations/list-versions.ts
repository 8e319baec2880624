import { compareKeys } from '../../../storage/key.ts'
import type { Bucket, ObjectVersion } from '../bucket.ts'
import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import { queryValue, type S3Request, type S3Response } from '../s3-request.ts'
import { element, xmlDocument, type Xml } from '../xml-writer.ts'
import { encoder, pageSize } from './list-objects.ts'

/** A version and whether it is the newest of its key. */
interface Row {
  readonly version: ObjectVersion
  readonly isLatest: boolean
}

/**
 * ListObjectVersions (Amazon S3 API Reference, "ListObjectVersions"): keys ascend by their UTF-8 bytes, the versions of a key
 * are newest first, 1,000 rows a page at most. A page begins after the markers; delimiters are not known here.
 */
export function listVersions({ bucket, request, limits }: OperationContext): S3Response {
  if ((queryValue(request, 'delimiter') ?? '') !== '') throw new S3Refusal('NotImplemented')
  const prefix = queryValue(request, 'prefix') ?? ''
  const marker = markerOf(request)
  const size = pageSize(request, limits)
  const encode = encoder(request)

  const rows = rowsAfter(bucket, prefix, marker)
  const page = rows.slice(0, size)
  const last = size > 0 && rows.length > size ? page.at(-1)!.version : undefined
  const body = xmlDocument('ListVersionsResult', [
    element('Name', bucket.name),
    element('Prefix', encode(prefix)),
    element('KeyMarker', encode(marker.key)),
    element('VersionIdMarker', marker.versionId ?? ''),
    element('MaxKeys', size),
    element('IsTruncated', last !== undefined),
    queryValue(request, 'encoding-type') === 'url' ? element('EncodingType', 'url') : undefined,
    last === undefined ? undefined : element('NextKeyMarker', encode(last.key)),
    last === undefined ? undefined : element('NextVersionIdMarker', last.versionId),
    ...page.map((row) => describeRow(row, encode)),
  ])
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function markerOf(request: S3Request): { readonly key: string; readonly versionId: string | undefined } {
  const key = queryValue(request, 'key-marker') ?? ''
  const versionId = queryValue(request, 'version-id-marker')
  if (versionId === '') throw new S3Refusal('InvalidArgument', 'A version-id marker cannot be empty.')
  if (versionId !== undefined && key === '')
    throw new S3Refusal('InvalidArgument', 'A version-id marker cannot be specified without a key marker.')
  return { key, versionId }
}

function rowsAfter(bucket: Bucket, prefix: string, marker: ReturnType<typeof markerOf>): Row[] {
  return bucket
    .keys()
    .filter((key) => key.startsWith(prefix) && compareKeys(key, marker.key) >= 0)
    .flatMap((key) => {
      const rows = bucket.versions(key).map((version, index) => ({ version, isLatest: index === 0 }))
      return key === marker.key ? rowsAfterVersion(rows, marker.versionId) : rows
    })
}

/** Without a version, the marker's key is done; a version that is gone by now was the place where its id would stand. */
function rowsAfterVersion(rows: readonly Row[], versionId: string | undefined): readonly Row[] {
  if (versionId === undefined) return []
  const index = rows.findIndex(({ version }) => version.versionId === versionId)
  return index === -1 ? rows.filter(({ version }) => version.versionId < versionId) : rows.slice(index + 1)
}

function describeRow({ version, isLatest }: Row, encode: (text: string) => string): Xml {
  const { key, versionId, deleteMarker, modifiedAt, etag, content } = version
  return element(deleteMarker ? 'DeleteMarker' : 'Version', [
    element('Key', encode(key)),
    element('VersionId', versionId),
    element('IsLatest', isLatest),
    element('LastModified', new Date(modifiedAt).toISOString()),
    ...(deleteMarker
      ? []
      : [element('ETag', etag), element('Size', content.length), element('StorageClass', 'STANDARD')]),
  ])
}
