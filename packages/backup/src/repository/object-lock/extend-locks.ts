import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { packKey } from '../pack/pack-key.ts'
import { mark } from '../prune/mark.ts'
import { beginSession } from '../session/begin-session.ts'
import { createUploads } from '../writer/uploads.ts'
import { isLockedKind } from './locked-objects.ts'

/** What an extension of locks did. */
export interface ExtendedLocks {
  /** Objects that the snapshots need. */
  readonly objects: number
  /** Those whose lock had less than half of its time left, or that had none. */
  readonly extended: number
  /** Until when they are locked now. */
  readonly until: Date
}

const parallel = 8

/**
 * Locks what the snapshots need for longer, where less than half of the time is left: a new snapshot relies on packs that
 * were stored long ago. What nobody needs is left to its lock's end, so that it can be pruned then.
 *
 * @throws `BACKUP_REPOSITORY_OPTION_INVALID` in a repository that was opened without `lock`, `BACKUP_PRUNE_UNSAFE` when it
 *   cannot be told what is needed
 */
export async function extendLocks(context: RepositoryContext, signal?: AbortSignal): Promise<ExtendedLocks> {
  const { store, clock, lock } = context
  if (lock === undefined)
    throw repositoryErrors.BACKUP_REPOSITORY_OPTION_INVALID({ reason: 'it was opened without lock' })
  const session = await beginSession(context, { kind: 'prune' })
  try {
    const now = clock.now()
    const until = new Date(now + lock)
    const keys = await neededObjects(context, signal)
    let extended = 0
    const calls = createUploads(parallel)
    for (const key of keys)
      await calls.start(async () => {
        signal?.throwIfAborted()
        const info = await store.head(key, signal)
        if (info === undefined || (info.lockedUntil?.getTime() ?? 0) >= now + lock / 2) return
        await store.extendLock(key, until, signal)
        extended++
      })
    await calls.done()
    return { objects: keys.length, extended, until }
  } finally {
    await session.end()
  }
}

/** Packs that hold something needed, and all that is not a pack. */
async function neededObjects(context: RepositoryContext, signal: AbortSignal | undefined): Promise<string[]> {
  const { table, neededBytes } = await mark(context, signal)
  const packs = table.packs.filter((_pack, number) => neededBytes[number]! > 0).map(packKey)
  const listed = await context.store.list('', signal)
  const others = listed.map(({ key }) => key).filter((key) => isLockedKind(key) && !key.startsWith('data/'))
  return [...packs, ...others]
}
