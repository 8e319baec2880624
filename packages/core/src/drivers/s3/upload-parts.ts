import { createHash, type Hash } from 'node:crypto'
import type {
  CompletedPart,
  CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommandOutput,
  UploadPartCommandOutput,
} from '@aws-sdk/client-s3'
import { storageErrors } from '../../storage/errors.ts'
import type { PutOptions } from '../../storage/object-store.ts'
import { encodeMetadata, plainTag, unknownType } from './object-headers.ts'
import { send, sendRaw, type S3Context } from './s3-context.ts'
import { checksumFields, conditionFields, lockFields, settle, type WriteResult } from './write-request.ts'

/** Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const mostParts = 10_000

/**
 * Uploads parts side by side, a bounded number at a time, and completes the upload under the put's condition. When
 * anything fails, the running requests are cut and the upload is aborted, so that no parts stay behind to be paid for.
 */
export async function uploadParts(
  context: S3Context,
  key: string,
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array, unknown, void>,
  options: PutOptions,
  writeId: string,
): Promise<WriteResult> {
  const { sdk, bucket, prefix, traits } = context
  const create = new sdk.CreateMultipartUploadCommand({
    Bucket: bucket,
    Key: prefix + key,
    ContentType: options.contentType ?? unknownType,
    Metadata: encodeMetadata(options.metadata, writeId),
    ...(traits.checksums ? { ChecksumAlgorithm: 'CRC32' } : {}),
    ...lockFields(context, options),
  })
  const step = { operation: 'put', key, signal: options.signal }
  const { UploadId } = await send<CreateMultipartUploadCommandOutput>(context, create, step)
  const target = { Bucket: bucket, Key: prefix + key, UploadId }
  try {
    const hash = options.sha256 === undefined ? undefined : createHash('sha256')
    const { parts, size } = await uploadAll(context, key, target, queueOf(first, rest), options, hash)
    if (hash !== undefined && hash.digest('hex') !== options.sha256) throw storageErrors.CORE_STORAGE_CHECKSUM({ key })
    return await settle(context, key, writeId, options, size, async () => {
      const complete = new sdk.CompleteMultipartUploadCommand({
        ...target,
        MultipartUpload: { Parts: parts },
        ...conditionFields(options),
      })
      const output = await sendRaw<CompleteMultipartUploadCommandOutput>(context, complete, options.signal)
      return { etag: plainTag(output.ETag), size }
    })
  } catch (error) {
    // Not under the caller's signal: what was begun is cleaned up also when the caller has given up.
    await sendRaw(context, new sdk.AbortMultipartUploadCommand(target), undefined).catch(() => {})
    throw error
  }
}

interface UploadTarget {
  readonly Bucket: string
  readonly Key: string
  readonly UploadId: string | undefined
}

async function uploadAll(
  context: S3Context,
  key: string,
  target: UploadTarget,
  queue: AsyncIterator<Uint8Array, unknown, void>,
  { signal }: PutOptions,
  hash: Hash | undefined,
): Promise<{ readonly parts: CompletedPart[]; readonly size: number }> {
  const parts: CompletedPart[] = []
  const failed = new AbortController()
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal])
  let size = 0

  // The queue is read by one worker at a time, so the digest sees the parts in their order.
  let turn: Promise<unknown> = Promise.resolve()
  let number = 0
  const nextPart = (): Promise<{ readonly content: Uint8Array; readonly number: number } | undefined> => {
    const taken = turn.then(async () => {
      const item = stop.aborted ? { done: true as const, value: undefined } : await queue.next()
      if (item.done === true) return undefined
      if (++number > mostParts) throw storageErrors.CORE_STORAGE_TOO_LARGE({ key, limit: mostParts * context.partSize })
      hash?.update(item.value)
      size += item.value.length
      return { content: item.value, number }
    })
    turn = taken.catch(() => undefined)
    return taken
  }

  const worker = async (): Promise<void> => {
    for (let part = await nextPart(); part !== undefined; part = await nextPart())
      parts.push(await uploadPart(context, key, target, part.content, part.number, stop))
  }

  const workers = Array.from({ length: context.concurrency }, () =>
    worker().catch((error: unknown) => {
      if (!failed.signal.aborted) failed.abort(error)
    }),
  )
  await Promise.all(workers)
  signal?.throwIfAborted()
  failed.signal.throwIfAborted()
  return { parts: parts.sort((left, right) => left.PartNumber! - right.PartNumber!), size }
}

async function uploadPart(
  context: S3Context,
  key: string,
  target: UploadTarget,
  content: Uint8Array,
  PartNumber: number,
  signal: AbortSignal,
): Promise<CompletedPart> {
  const { sdk, traits } = context
  const algorithm = traits.checksums ? { ChecksumAlgorithm: 'CRC32' as const } : {}
  const command = new sdk.UploadPartCommand({
    ...target,
    PartNumber,
    Body: content,
    ...algorithm,
    ...checksumFields(context, content),
  })
  const output = await send<UploadPartCommandOutput>(context, command, { operation: 'put', key, signal })
  const { ETag, ChecksumCRC32 } = output
  return {
    PartNumber,
    ...(ETag === undefined ? {} : { ETag }),
    ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }),
  }
}

async function* queueOf(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array, unknown, void>,
): AsyncGenerator<Uint8Array, void, void> {
  yield* first
  for (let item = await rest.next(); item.done !== true; item = await rest.next()) yield item.value
}
