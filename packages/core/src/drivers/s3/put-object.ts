import type { PutObjectCommandOutput } from '@aws-sdk/client-s3'
import { chunksOf, type Content } from '../../storage/content.ts'
import { storageErrors } from '../../storage/errors.ts'
import type { ObjectInfo, PutOptions } from '../../storage/object-store.ts'
import { encodeMetadata, plainTag, unknownType } from './object-headers.ts'
import { partsOf } from './parts.ts'
import { sendRaw, type S3Context } from './s3-context.ts'
import { uploadParts } from './upload-parts.ts'
import { checksumFields, conditionFields, digest, lockFields, settle, type WriteResult } from './write-request.ts'

/**
 * Stores an object: in one request when it fits into a part, else by a multipart upload. Every write carries an id of its
 * own in the metadata: when the answer got lost, or a retry of the SDK met the object that its first attempt had made,
 * looking for the id tells success from conflict.
 */
export async function putObject(
  context: S3Context,
  key: string,
  body: Content,
  options: PutOptions,
): Promise<ObjectInfo> {
  const { bucket, traits, partSize, clock } = context
  const { metadata, contentType, lockedUntil, signal } = options
  const conditional = options.ifMatch !== undefined || options.ifNoneMatch !== undefined
  if (conditional && !traits.conditionalPut) throw storageErrors.CORE_STORAGE_CONDITION_UNSUPPORTED({ key, bucket })

  const writeId = context.createId()
  const parts = partsOf(chunksOf(body, signal), partSize)
  let result: WriteResult
  try {
    const first = await parts.next()
    const second = first.done === true ? first : await parts.next()
    result =
      second.done === true
        ? await putWhole(context, key, first.done === true ? new Uint8Array() : first.value, options, writeId)
        : await uploadParts(context, key, [first.value as Uint8Array, second.value], parts, options, writeId)
  } finally {
    await parts.return(undefined)
  }
  return { key, ...result, modifiedAt: new Date(clock.now()), metadata, contentType, lockedUntil }
}

async function putWhole(
  context: S3Context,
  key: string,
  content: Uint8Array,
  options: PutOptions,
  writeId: string,
): Promise<WriteResult> {
  const { sdk, bucket, prefix, traits } = context
  const { sha256 } = options
  if (sha256 !== undefined && !traits.checksums && digest('sha256', content, 'hex') !== sha256)
    throw storageErrors.CORE_STORAGE_CHECKSUM({ key })
  const command = new sdk.PutObjectCommand({
    Bucket: bucket,
    Key: prefix + key,
    Body: content,
    ContentType: options.contentType ?? unknownType,
    Metadata: encodeMetadata(options.metadata, writeId),
    ...checksumFields(context, content, sha256),
    ...conditionFields(options),
    ...lockFields(context, options),
  })
  return settle(context, key, writeId, options, content.length, async () => {
    const output = await sendRaw<PutObjectCommandOutput>(context, command, options.signal)
    return { etag: plainTag(output.ETag), size: content.length }
  })
}
