import { ExprsnError } from '../../errors/exprsn-error.ts'
import { storageErrors } from '../../storage/errors.ts'

/** What the SDK's errors look like, as far as it matters here. */
interface SdkError {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown } | undefined
}

/** Where a failure happened. */
export interface S3Step {
  readonly operation: string
  readonly key: string
  readonly bucket: string
  readonly signal?: AbortSignal | undefined
}

/** The service's name for a failure, such as `PreconditionFailed`. */
export function s3ErrorName(error: unknown): string {
  const { name } = (error ?? {}) as SdkError
  return typeof name === 'string' ? name : ''
}

/** Whether the service says that the credentials have expired (Amazon S3 API Reference, "Error responses"). */
export function hasExpired(error: unknown): boolean {
  return ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'].includes(s3ErrorName(error))
}

/** The HTTP status of a failure, undefined when no answer came. */
export function s3Status(error: unknown): number | undefined {
  const status = ((error ?? {}) as SdkError).$metadata?.httpStatusCode
  return typeof status === 'number' ? status : undefined
}

/** The store's error for a failure of the SDK; the signal's reason when the caller gave up. */
export function s3Failure(error: unknown, { operation, key, bucket, signal }: S3Step): unknown {
  if (signal?.aborted === true) return signal.reason
  if (ExprsnError.is(error)) return error
  const name = s3ErrorName(error)
  const status = s3Status(error)
  const requestId = ((error ?? {}) as SdkError).$metadata?.requestId
  const details = { operation, key, bucket, reason: name, httpStatus: status, requestId }
  const options = { cause: error }
  // What Amazon says of a bucket without object lock; it gives this fault no name of its own.
  if (name === 'InvalidRequest' && /object lock/i.test(String(((error ?? {}) as SdkError).message)))
    return storageErrors.CORE_STORAGE_LOCK_UNSUPPORTED(details, options)
  if (name === 'NoSuchBucket') return storageErrors.CORE_STORAGE_BUCKET_NOT_FOUND(details, options)
  if (name === 'XAmzContentSHA256Mismatch' || name === 'BadDigest')
    return storageErrors.CORE_STORAGE_CHECKSUM(details, options)
  if (name === 'EntityTooLarge') return storageErrors.CORE_STORAGE_TOO_LARGE(details, options)
  if (name === 'NotImplemented') return storageErrors.CORE_STORAGE_CONDITION_UNSUPPORTED(details, options)
  if (hasExpired(error)) return storageErrors.CORE_STORAGE_CREDENTIALS_EXPIRED(details, options)
  if (name === 'NoSuchUpload') return storageErrors.CORE_STORAGE_FAILED(details, options)
  if (name === 'QuotaExceeded' || status === 507) return storageErrors.CORE_STORAGE_FULL(details, options)
  if (isTimeout(error)) return storageErrors.CORE_STORAGE_TIMEOUT(details, options)
  switch (status) {
    case 401:
    case 403:
      return storageErrors.CORE_STORAGE_DENIED(details, options)
    case 404:
      return storageErrors.CORE_STORAGE_NOT_FOUND(details, options)
    case 409:
    case 412:
      return storageErrors.CORE_STORAGE_CONFLICT(details, options)
    case 416:
      return storageErrors.CORE_STORAGE_RANGE_INVALID({ ...details, start: 'its start', end: 'its end' }, options)
    case 429:
      return storageErrors.CORE_STORAGE_UNAVAILABLE(details, options)
    default:
      return isTransient(error, status)
        ? storageErrors.CORE_STORAGE_UNAVAILABLE(details, options)
        : storageErrors.CORE_STORAGE_FAILED(details, options)
  }
}

/** Whether nobody knows if the request took effect: no answer came, or one that says the server broke down. */
export function isUnknownResult(error: unknown): boolean {
  const status = s3Status(error)
  return status === undefined || status >= 500
}

const connectionCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']

/** The SDK calls a cut connection a timeout too; its code tells. */
function isTimeout(error: unknown): boolean {
  const { name, code } = (error ?? {}) as SdkError
  if (code === 'ETIMEDOUT' || name === 'RequestTimeout') return true
  return name === 'TimeoutError' && !connectionCodes.includes(String(code))
}

function isTransient(error: unknown, status: number | undefined): boolean {
  if (status !== undefined) return status >= 500
  const { code, message } = (error ?? {}) as SdkError
  return connectionCodes.includes(String(code)) || /socket hang up|aborted|premature close/i.test(String(message))
}
