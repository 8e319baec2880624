import { describe, expect, it } from 'vitest'
import { storageErrors } from '../../storage/errors.ts'
import { isUnknownResult, s3Failure } from './s3-failure.ts'

const step = { operation: 'put', key: 'key', bucket: 'bucket' }

function sdkError(name: string, httpStatusCode?: number, code?: string, message = name): Error {
  const $metadata = httpStatusCode === undefined ? {} : { httpStatusCode, requestId: 'request-1' }
  return Object.assign(new Error(message), { name, $metadata, ...(code === undefined ? {} : { code }) })
}

describe('s3Failure', () => {
  it('is a table', () => {
    const cases: readonly [Error, string, boolean][] = [
      [sdkError('NoSuchKey', 404), 'NOT_FOUND', false],
      [sdkError('NoSuchBucket', 404), 'BUCKET_NOT_FOUND', false],
      [sdkError('NoSuchUpload', 404), 'FAILED', false],
      [sdkError('AccessDenied', 403), 'DENIED', false],
      [sdkError('ExpiredToken', 400), 'CREDENTIALS_EXPIRED', false],
      [sdkError('TokenRefreshRequired', 400), 'CREDENTIALS_EXPIRED', false],
      [sdkError('PreconditionFailed', 412), 'CONFLICT', false],
      [sdkError('ConditionalRequestConflict', 409), 'CONFLICT', false],
      [sdkError('InvalidRange', 416), 'RANGE_INVALID', false],
      [sdkError('BadDigest', 400), 'CHECKSUM', true],
      [sdkError('XAmzContentSHA256Mismatch', 400), 'CHECKSUM', true],
      [sdkError('EntityTooLarge', 400), 'TOO_LARGE', false],
      [sdkError('NotImplemented', 501), 'CONDITION_UNSUPPORTED', false],
      [sdkError('QuotaExceeded', 403), 'FULL', false],
      [sdkError('InsufficientStorage', 507), 'FULL', false],
      [sdkError('TooManyRequests', 429), 'UNAVAILABLE', true],
      [sdkError('SlowDown', 503), 'UNAVAILABLE', true],
      [sdkError('InternalError', 500), 'UNAVAILABLE', true],
      [sdkError('RequestTimeout', 400), 'TIMEOUT', true],
      [sdkError('TimeoutError'), 'TIMEOUT', true],
      [sdkError('Error', undefined, 'ETIMEDOUT'), 'TIMEOUT', true],
      [sdkError('TimeoutError', undefined, 'ECONNRESET'), 'UNAVAILABLE', true],
      [sdkError('Error', undefined, 'ECONNREFUSED'), 'UNAVAILABLE', true],
      [sdkError('Error', undefined, undefined, 'socket hang up'), 'UNAVAILABLE', true],
      [sdkError('MalformedXML', 400), 'FAILED', false],
      [sdkError('CredentialsProviderError'), 'FAILED', false],
    ]
    for (const [error, code, retryable] of cases)
      expect(s3Failure(error, step), error.name).toMatchObject({
        code: `CORE_STORAGE_${code}`,
        retryable,
        cause: error,
      })
  })

  it('carries what support asks for', () => {
    const details = { requestId: 'request-1', httpStatus: 403, reason: 'AccessDenied', key: 'key', bucket: 'bucket' }
    expect(s3Failure(sdkError('AccessDenied', 403), step)).toMatchObject({ details })
  })

  it('lets errors of the family and the reason of a signal pass', () => {
    const own = storageErrors.CORE_STORAGE_CHECKSUM({ key: 'key' })
    expect(s3Failure(own, step)).toBe(own)
    const reason = new Error('given up')
    expect(s3Failure(sdkError('AbortError'), { ...step, signal: AbortSignal.abort(reason) })).toBe(reason)
    expect(s3Failure(null, step)).toMatchObject({ code: 'CORE_STORAGE_FAILED' })
  })

  it('knows when nobody knows what happened', () => {
    expect(isUnknownResult(sdkError('Error', undefined, 'ECONNRESET'))).toBe(true)
    expect(isUnknownResult(sdkError('InternalError', 500))).toBe(true)
    expect(isUnknownResult(sdkError('PreconditionFailed', 412))).toBe(false)
  })
})
