import type { RepositoryContext } from '../context.ts'
import { createUploads } from '../writer/uploads.ts'

/** Whether objects of this key are locked: what cannot be made again. Sessions and restic's locks come and go. */
export function isLockedKind(key: string): boolean {
  return key === 'config' || /^(?:data|index|snapshots|keys|x-exprsn\/keys)\//.test(key)
}

const parallel = 8

/**
 * Those of some objects whose lock has not ended: to delete one would hide it, and destroy nothing. Stores without locks are
 * not asked.
 */
export async function stillLocked(
  { store, clock }: RepositoryContext,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const locked = new Set<string>()
  if (!store.hasLocks) return locked
  const calls = createUploads(parallel)
  for (const key of keys)
    await calls.start(async () => {
      const info = await store.head(key, signal)
      if (info?.lockedUntil !== undefined && info.lockedUntil.getTime() > clock.now()) locked.add(key)
    })
  await calls.done()
  return locked
}
