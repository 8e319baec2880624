import type { GetObjectCommandOutput, HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import { storedObject } from '../../storage/content.ts'
import { storageErrors } from '../../storage/errors.ts'
import type { GetOptions, ObjectInfo, StoredObject } from '../../storage/object-store.ts'
import { objectInfo } from './object-headers.ts'
import { send, sendRaw, type S3Context } from './s3-context.ts'
import { s3Failure, s3Status } from './s3-failure.ts'

/** The body of an answer in Node: a stream that can be closed. */
interface ReadableBody extends AsyncIterable<Uint8Array> {
  destroy?(): unknown
}

/**
 * Gets an object, or the version of it that is named; what arrives is counted and, where the service sent a checksum,
 * checked by the SDK.
 */
export async function getObject(
  context: S3Context,
  key: string,
  { range, signal }: GetOptions,
  versionId?: string,
): Promise<StoredObject> {
  const { sdk, bucket, prefix } = context
  const Range = range && `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`
  const VersionId = versionId === undefined ? {} : { VersionId: versionId }
  const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: prefix + key, Range, ...VersionId })
  const output = await send<GetObjectCommandOutput>(context, command, { operation: 'get', key, signal }).catch(
    (error: unknown) => {
      if (range !== undefined && ExprsnError.is(error) && error.code === 'CORE_STORAGE_RANGE_INVALID')
        throw storageErrors.CORE_STORAGE_RANGE_INVALID(
          { key, start: range.start, end: range.end ?? 'the end' },
          { cause: error.cause },
        )
      if (versionId !== undefined && isNoVersion(error))
        throw storageErrors.CORE_STORAGE_NOT_FOUND({ key, bucket, versionId }, { cause: error })
      throw error
    },
  )
  const expected = output.ContentLength ?? 0
  const body = output.Body as ReadableBody | undefined
  const info = objectInfo(key, totalSize(output.ContentRange) ?? expected, output)
  const destroy = (): void => void body?.destroy?.()
  return storedObject(info, () => readBody(context, key, body, expected, destroy, signal), destroy)
}

/** Marks of deletions are refused with "method not allowed", ids that the service cannot have given with "invalid argument". */
function isNoVersion(error: unknown): boolean {
  const { reason } = ExprsnError.is(error) ? error.details : {}
  return reason === 'MethodNotAllowed' || reason === 'InvalidArgument' || reason === 'NoSuchVersion'
}

/** Facts about an object, undefined when there is none (or no bucket: the service does not tell these apart here). */
export async function headObject(
  context: S3Context,
  key: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly info: ObjectInfo; readonly sent: Record<string, string> | undefined } | undefined> {
  const { sdk, bucket, prefix } = context
  try {
    const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: prefix + key })
    const output = await sendRaw<HeadObjectCommandOutput>(context, command, signal)
    return { info: objectInfo(key, output.ContentLength ?? 0, output), sent: output.Metadata }
  } catch (error) {
    if (s3Status(error) === 404) return undefined
    throw s3Failure(error, { operation: 'head', key, bucket, signal })
  }
}

async function* readBody(
  { bucket }: S3Context,
  key: string,
  body: ReadableBody | undefined,
  expected: number,
  destroy: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  let received = 0
  signal?.addEventListener('abort', destroy, { once: true })
  try {
    for await (const chunk of body ?? []) {
      signal?.throwIfAborted()
      received += chunk.length
      yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    }
    signal?.throwIfAborted()
    if (received !== expected) throw storageErrors.CORE_STORAGE_TRUNCATED({ key, received, expected })
  } catch (error) {
    throw bodyFailure(error, { key, bucket, received, expected, signal })
  } finally {
    signal?.removeEventListener('abort', destroy)
    destroy()
  }
}

function bodyFailure(
  cause: unknown,
  step: { key: string; bucket: string; received: number; expected: number; signal: AbortSignal | undefined },
): unknown {
  const { key, bucket, received, expected, signal } = step
  if (signal?.aborted === true) return signal.reason
  if (ExprsnError.is(cause)) return cause
  // The SDK gives this fault no name of its own.
  if (cause instanceof Error && /checksum mismatch/i.test(cause.message))
    return storageErrors.CORE_STORAGE_CHECKSUM({ key, bucket }, { cause })
  if (received < expected) return storageErrors.CORE_STORAGE_TRUNCATED({ key, bucket, received, expected }, { cause })
  return s3Failure(cause, { operation: 'get', key, bucket, signal })
}

/** The size of the whole object in `bytes 0-9/100`. */
function totalSize(contentRange: string | undefined): number | undefined {
  const size = contentRange?.split('/')[1]
  return size === undefined || !/^\d+$/.test(size) ? undefined : Number(size)
}
