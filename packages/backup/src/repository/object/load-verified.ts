import { hash } from 'node:crypto'
import type { ContentId } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'
import { isNotFound, type RepositoryStore } from './repository-store.ts'

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array): ContentId {
  return hash('sha256', bytes)
}

/**
 * The content of an object whose name is its hash. What arrives damaged is fetched once more: bits flip on the way more
 * often than at rest.
 */
export async function loadVerified(
  store: RepositoryStore,
  key: string,
  id: ContentId,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const bytes = await getOrMissing(store, key, signal)
    if (sha256(bytes) === id) return bytes
    if (attempt === 2)
      throw repositoryErrors.BACKUP_OBJECT_CORRUPT({ key, reason: 'its content does not have the hash in its name' })
  }
}

async function getOrMissing(store: RepositoryStore, key: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await store.get(key, { signal })
  } catch (cause) {
    throw isNotFound(cause) ? repositoryErrors.BACKUP_OBJECT_MISSING({ key }, { cause }) : cause
  }
}
