import { compareKeys } from '../../../storage/key.ts'
import type { Bucket } from '../bucket.ts'
import type { OperationContext, S3Limits } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import { queryValue, type S3Request, type S3Response } from '../s3-request.ts'
import { element, xmlDocument, type Xml } from '../xml-writer.ts'

/** A row of a listing: a key, or what several keys have in common up to the delimiter. */
interface Row {
  readonly name: string
  readonly common: boolean
}

/** ListObjectsV2 (Amazon S3 API Reference, "ListObjectsV2"): keys ascend by their UTF-8 bytes, 1,000 a page at most. */
export function listObjects({ bucket, request, limits }: OperationContext): S3Response {
  const prefix = queryValue(request, 'prefix') ?? ''
  const delimiter = queryValue(request, 'delimiter') ?? ''
  const token = queryValue(request, 'continuation-token')
  const startAfter = queryValue(request, 'start-after')
  const after = token === undefined ? (startAfter ?? '') : decodeToken(token)
  const size = pageSize(request, limits)
  const encode = encoder(request)

  const rows = rowsAfter(bucket, { prefix, delimiter, after })
  const page = rows.slice(0, size)
  const truncated = size > 0 && rows.length > size
  const body = xmlDocument('ListBucketResult', [
    element('Name', bucket.name),
    element('Prefix', encode(prefix)),
    delimiter === '' ? undefined : element('Delimiter', encode(delimiter)),
    element('MaxKeys', size),
    element('KeyCount', page.length),
    element('IsTruncated', truncated),
    queryValue(request, 'encoding-type') === 'url' ? element('EncodingType', 'url') : undefined,
    token === undefined ? undefined : element('ContinuationToken', token),
    truncated ? element('NextContinuationToken', encodeToken(page.at(-1)!.name)) : undefined,
    startAfter === undefined ? undefined : element('StartAfter', encode(startAfter)),
    ...page.map((row) => describeRow(bucket, row, encode)),
  ])
  return { status: 200, headers: { 'content-type': 'application/xml' }, body }
}

function rowsAfter(
  bucket: Bucket,
  { prefix, delimiter, after }: { readonly prefix: string; readonly delimiter: string; readonly after: string },
): Row[] {
  const rows = new Map<string, Row>()
  for (const key of bucket.keys()) {
    if (!key.startsWith(prefix) || bucket.current(key) === undefined) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const name = cut === -1 ? key : key.slice(0, cut + delimiter.length)
    if (compareKeys(name, after) > 0) rows.set(name, { name, common: cut !== -1 })
  }
  return [...rows.values()]
}

function describeRow(bucket: Bucket, { name, common }: Row, encode: (text: string) => string): Xml {
  if (common) return element('CommonPrefixes', [element('Prefix', encode(name))])
  const version = bucket.current(name)!
  return element('Contents', [
    element('Key', encode(name)),
    element('LastModified', new Date(version.modifiedAt).toISOString()),
    element('ETag', version.etag),
    element('Size', version.content.length),
    element('StorageClass', 'STANDARD'),
  ])
}

/** The number of rows that a request asks for. */
export function pageSize(request: S3Request, limits: S3Limits): number {
  const text = queryValue(request, 'max-keys') ?? String(limits.page)
  if (!/^\d{1,10}$/.test(text))
    throw new S3Refusal('InvalidArgument', 'Provided max-keys not an integer or within range')
  return Math.min(limits.page, Number(text))
}

/** Writes keys as they are, or percent-encoded (spaces as `+`) where `encoding-type=url` asks for it. */
export function encoder(request: S3Request): (text: string) => string {
  const encoding = queryValue(request, 'encoding-type')
  if (encoding === undefined) return (text) => text
  if (encoding !== 'url') throw new S3Refusal('InvalidArgument', 'Invalid Encoding Method specified in Request')
  return (text) => encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/')
}

function encodeToken(name: string): string {
  return Buffer.from(`next:${name}`).toString('base64')
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString()
  if (!text.startsWith('next:')) throw new S3Refusal('InvalidArgument', 'The continuation token provided is incorrect')
  return text.slice('next:'.length)
}
