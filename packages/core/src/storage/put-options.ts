import { storageErrors } from './errors.ts'
import { checkKey } from './key.ts'
import { checkMetadata } from './metadata.ts'
import type { PutOptions } from './object-store.ts'

/**
 * Checks what a put can refuse before it does anything.
 *
 * @throws `CORE_STORAGE_KEY_INVALID`, `CORE_STORAGE_METADATA_INVALID`, `CORE_STORAGE_OPTION_INVALID`, or the signal's reason.
 */
export function checkPut(key: string, options: PutOptions): void {
  const { ifMatch, ifNoneMatch, sha256, contentType, lockedUntil, signal } = options
  signal?.throwIfAborted()
  checkKey(key)
  checkMetadata(options.metadata)
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw invalid('ifNoneMatch', 'only "*" is possible')
  if (ifMatch !== undefined && ifNoneMatch !== undefined) throw invalid('ifMatch', 'ifNoneMatch is given too')
  if (ifMatch === '') throw invalid('ifMatch', 'it is empty')
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) throw invalid('sha256', 'it is not 64 hexadecimal digits')
  if (contentType !== undefined && !/^[ -~]{1,255}$/.test(contentType))
    throw invalid('contentType', 'it is not 1 to 255 printable ASCII characters')
  if (lockedUntil !== undefined && Number.isNaN(lockedUntil.getTime())) throw invalid('lockedUntil', 'it is no date')
}

/** Throws `CORE_STORAGE_LOCK_UNSUPPORTED` when a lock is asked for: for stores that have none. */
export function refuseLock(key: string, { lockedUntil }: PutOptions): void {
  if (lockedUntil !== undefined) throw storageErrors.CORE_STORAGE_LOCK_UNSUPPORTED({ key })
}

/** Throws `CORE_STORAGE_CONFLICT` when an object with this etag (undefined: no object) may not be replaced. */
export function checkCondition(key: string, etag: string | undefined, { ifMatch, ifNoneMatch }: PutOptions): void {
  const refused = ifNoneMatch === undefined ? ifMatch !== undefined && ifMatch !== etag : etag !== undefined
  if (refused) throw storageErrors.CORE_STORAGE_CONFLICT({ key })
}

function invalid(option: string, reason: string) {
  return storageErrors.CORE_STORAGE_OPTION_INVALID({ option, reason })
}
