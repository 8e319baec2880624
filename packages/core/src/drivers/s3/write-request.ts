import type { ObjectLockMode } from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { storageErrors } from '../../storage/errors.ts'
import type { PutOptions } from '../../storage/object-store.ts'
import { headObject } from './get-object.ts'
import { writeIdOf } from './object-headers.ts'
import type { S3Context } from './s3-context.ts'
import { isUnknownResult, s3ErrorName, s3Failure, s3Status } from './s3-failure.ts'

/** What the last request of a write gave. */
export interface WriteResult {
  readonly etag: string
  readonly size: number
}

/** Runs the request that makes an object appear, and finds out what happened where its answer does not tell. */
export async function settle(
  context: S3Context,
  key: string,
  writeId: string,
  { ifMatch, ifNoneMatch, signal }: PutOptions,
  size: number,
  request: () => Promise<WriteResult>,
): Promise<WriteResult> {
  try {
    return await request()
  } catch (error) {
    const status = s3Status(error)
    const conditional = ifMatch !== undefined || ifNoneMatch !== undefined
    const doubtful = isUnknownResult(error) || status === 409 || status === 412 || s3ErrorName(error) === 'NoSuchUpload'
    if (doubtful && signal?.aborted !== true) {
      const found = await headObject(context, key, signal).catch(() => undefined)
      if (found !== undefined && writeIdOf(found.sent) === writeId) return { etag: found.info.etag, size }
    }
    // A condition on an etag where no object is left is answered "no such key".
    if (conditional && s3ErrorName(error) === 'NoSuchKey')
      throw storageErrors.CORE_STORAGE_CONFLICT({ key, bucket: context.bucket }, { cause: error })
    throw s3Failure(error, { operation: 'put', key, bucket: context.bucket, signal })
  }
}

/** The condition of a write, as the SDK names it. */
export function conditionFields({ ifMatch, ifNoneMatch }: PutOptions): { IfMatch?: string; IfNoneMatch?: string } {
  return {
    ...(ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }),
    ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
  }
}

/** The lock of a write, as the SDK names it. */
export function lockFields(
  { lockMode }: S3Context,
  { lockedUntil }: PutOptions,
): { ObjectLockMode?: ObjectLockMode; ObjectLockRetainUntilDate?: Date } {
  return lockedUntil === undefined ? {} : { ObjectLockMode: lockMode, ObjectLockRetainUntilDate: lockedUntil }
}

/** How the service can tell that a body arrived whole; nothing is said where the SDK adds a CRC-32 by itself. */
export function checksumFields(
  { traits }: S3Context,
  content: Uint8Array,
  sha256?: string,
): { ChecksumSHA256?: string; ContentMD5?: string } {
  if (!traits.checksums) return { ContentMD5: digest('md5', content, 'base64') }
  return sha256 === undefined ? {} : { ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64') }
}

/** A digest of some bytes. */
export function digest(algorithm: string, content: Uint8Array, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(content).digest(encoding)
}
