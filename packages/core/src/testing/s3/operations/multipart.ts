import { createHash } from 'node:crypto'
import type { ObjectVersion, Upload, UploadPart } from '../bucket.ts'
import { checksumAlgorithm, checksumOf, verifyChecksum, type Checksum } from '../checksum.ts'
import { checkWriteConditions, sameTag } from '../conditions.ts'
import { legalHoldOf, retentionOf } from '../object-lock.ts'
import type { OperationContext } from '../operation-context.ts'
import { S3Refusal } from '../s3-refusal.ts'
import { queryValue, type S3Response } from '../s3-request.ts'
import { childText, readXml, type XmlElement } from '../xml-reader.ts'
import { element, xmlDocument, type Xml } from '../xml-writer.ts'
import { checkObjectKey, keptHeaders, nextVersionId, versionHeaders } from './put-object.ts'

const xmlHeaders = { 'content-type': 'application/xml' }
/** Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const mostParts = 10_000

/** CreateMultipartUpload (Amazon S3 API Reference, "CreateMultipartUpload"). */
export function createUpload(context: OperationContext): S3Response {
  const { bucket, key, headers, createId } = context
  checkObjectKey(key)
  const algorithm = headers['x-amz-checksum-algorithm']
  const upload: Upload = {
    id: createId(),
    key,
    headers: keptHeaders(context),
    algorithm: algorithm === undefined ? undefined : checksumAlgorithm(algorithm),
    wholeObject: headers['x-amz-checksum-type'] === 'FULL_OBJECT',
    retention: retentionOf(context),
    legalHold: legalHoldOf(context),
    parts: new Map(),
  }
  bucket.uploads.set(upload.id, upload)
  const body = xmlDocument('InitiateMultipartUploadResult', [
    element('Bucket', bucket.name),
    element('Key', key),
    element('UploadId', upload.id),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

/** UploadPart (Amazon S3 API Reference, "UploadPart"). */
export function uploadPart(context: OperationContext): S3Response {
  const { request, headers, content, now } = context
  const upload = wantedUpload(context)
  const number = partNumber(queryValue(request, 'partNumber'))
  const checksum = verifyChecksum(headers, content)
  if (upload.algorithm !== undefined && checksum?.algorithm !== upload.algorithm)
    throw new S3Refusal('InvalidRequest', 'Checksum Type mismatch occurred, it is not that of the upload.')
  const etag = `"${createHash('md5').update(content).digest('hex')}"`
  upload.parts.set(number, { number, content, etag, modifiedAt: now, checksum })
  const sent = checksum === undefined ? {} : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }
  return { status: 200, headers: { etag, ...sent } }
}

/** CompleteMultipartUpload (Amazon S3 API Reference, "CompleteMultipartUpload"). */
export function completeUpload(context: OperationContext): S3Response {
  const { bucket, key, headers, content, limits, now, createId } = context
  const upload = wantedUpload(context)
  const listed = readXml(new TextDecoder().decode(content), 'CompleteMultipartUpload').children
  if (listed.length === 0 || listed.some((child) => child.name !== 'Part')) throw new S3Refusal('MalformedXML')
  const parts = listed.map((part) => matchPart(upload, part))
  if (parts.some((part, index) => index > 0 && part.number <= parts[index - 1]!.number))
    throw new S3Refusal('InvalidPartOrder')
  if (parts.slice(0, -1).some((part) => part.content.length < limits.part)) throw new S3Refusal('EntityTooSmall')

  const whole = Buffer.concat(parts.map((part) => part.content))
  const { retention, legalHold } = upload
  const version: ObjectVersion = {
    key,
    versionId: nextVersionId(bucket, createId),
    deleteMarker: false,
    content: whole,
    etag: multipartTag(parts),
    modifiedAt: now,
    headers: upload.headers,
    checksum: objectChecksum(upload, parts, whole),
    composite: !upload.wholeObject,
    retention,
    legalHold,
  }
  checkWriteConditions(headers, bucket.current(key))
  bucket.uploads.delete(upload.id)
  bucket.add(version)
  const body = xmlDocument('CompleteMultipartUploadResult', [
    element('Location', `/${bucket.name}/${key}`),
    element('Bucket', bucket.name),
    element('Key', key),
    element('ETag', version.etag),
  ])
  return { status: 200, headers: { ...versionHeaders(bucket, version), ...xmlHeaders }, body }
}

/** AbortMultipartUpload (Amazon S3 API Reference, "AbortMultipartUpload"). */
export function abortUpload(context: OperationContext): S3Response {
  context.bucket.uploads.delete(wantedUpload(context).id)
  return { status: 204 }
}

/** ListParts (Amazon S3 API Reference, "ListParts"), always one page. */
export function listParts(context: OperationContext): S3Response {
  const { bucket, key } = context
  const upload = wantedUpload(context)
  const parts = [...upload.parts.values()].sort((left, right) => left.number - right.number)
  const body = xmlDocument('ListPartsResult', [
    element('Bucket', bucket.name),
    element('Key', key),
    element('UploadId', upload.id),
    element('MaxParts', mostParts),
    element('IsTruncated', false),
    ...parts.map(describePart),
  ])
  return { status: 200, headers: xmlHeaders, body }
}

/** ListMultipartUploads (Amazon S3 API Reference, "ListMultipartUploads"), always one page. */
export function listUploads({ bucket }: OperationContext): S3Response {
  const uploads = [...bucket.uploads.values()].map((upload) =>
    element('Upload', [element('Key', upload.key), element('UploadId', upload.id)]),
  )
  const body = xmlDocument('ListMultipartUploadsResult', [
    element('Bucket', bucket.name),
    element('IsTruncated', false),
    ...uploads,
  ])
  return { status: 200, headers: xmlHeaders, body }
}

function wantedUpload({ bucket, key, request }: OperationContext): Upload {
  const upload = bucket.uploads.get(queryValue(request, 'uploadId') ?? '')
  if (upload === undefined || upload.key !== key) throw new S3Refusal('NoSuchUpload')
  return upload
}

function partNumber(text: string | undefined): number {
  const number = /^\d{1,6}$/.test(text ?? '') ? Number(text) : 0
  if (number < 1 || number > mostParts)
    throw new S3Refusal('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive')
  return number
}

function matchPart(upload: Upload, listed: XmlElement): UploadPart {
  const part = upload.parts.get(partNumber(childText(listed, 'PartNumber')))
  if (part === undefined || !sameTag(childText(listed, 'ETag') ?? '', part.etag)) throw new S3Refusal('InvalidPart')
  for (const { name, text } of listed.children)
    if (name.startsWith('Checksum')) {
      const same =
        part.checksum?.algorithm === name.slice('Checksum'.length).toLowerCase() && part.checksum.value === text
      if (!same) throw new S3Refusal('InvalidPart')
    }
  return part
}

/** The etag of an object of several parts is the MD5 of the parts' MD5s and their number. */
function multipartTag(parts: readonly UploadPart[]): string {
  const digests = parts.map((part) => Buffer.from(part.etag.replaceAll('"', ''), 'hex'))
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${parts.length}"`
}

function objectChecksum(upload: Upload, parts: readonly UploadPart[], whole: Uint8Array): Checksum | undefined {
  const { algorithm } = upload
  if (algorithm === undefined) return undefined
  if (upload.wholeObject) return checksumOf(algorithm, whole)
  const values = parts.map((part) => Buffer.from(part.checksum?.value ?? '', 'base64'))
  return { algorithm, value: `${checksumOf(algorithm, Buffer.concat(values)).value}-${parts.length}` }
}

function describePart({ number, etag, content, modifiedAt }: UploadPart): Xml {
  return element('Part', [
    element('PartNumber', number),
    element('LastModified', new Date(modifiedAt).toISOString()),
    element('ETag', etag),
    element('Size', content.length),
  ])
}
