import { parseTid } from '../codec/index.ts'
import { repoErrors, verifyRepo, type VerifiedRepo } from '../repo/index.ts'
import { syncErrors } from './errors.ts'
import { isBadSignature } from './prepare-message.ts'
import type { SyncSettings } from './settings.ts'

/**
 * Fetches a repository and checks all of it. A signature that does not fit makes us ask for the key again, once.
 *
 * @throws `ATPROTO_SYNC_REPO_UNAVAILABLE`, the errors of `verifyRepo`, and what `resolveSigningKey` throws
 */
export async function fetchVerifiedRepo(
  settings: SyncSettings,
  did: string,
  signal: AbortSignal,
): Promise<VerifiedRepo & { readonly rev: string }> {
  const { source, keys } = settings
  if (source.fetchRepo === undefined)
    throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'the source has no repositories' })
  const [bytes, key] = await Promise.all([source.fetchRepo(did, { signal }), keys.get(did, signal)])
  try {
    return checked(settings, bytes, did, key)
  } catch (error) {
    const newer = isBadSignature(error) ? await keys.refresh(did, signal) : undefined
    if (newer === undefined || newer === key) throw error
    return checked(settings, bytes, did, newer)
  }
}

function checked(
  { clock, maxClockSkew }: SyncSettings,
  bytes: Uint8Array,
  did: string,
  signingKey: string,
): VerifiedRepo & { readonly rev: string } {
  const repo = verifyRepo(bytes, { did, signingKey, records: 'lazy' })
  const { rev } = repo
  if (rev === undefined) throw repoErrors.ATPROTO_REPO_INVALID({ reason: 'it has no revision' })
  if (parseTid(rev).microseconds / 1000 > clock.now() + maxClockSkew)
    throw repoErrors.ATPROTO_REPO_INVALID({ reason: 'its revision is in the future' })
  return repo as VerifiedRepo & { readonly rev: string }
}
