import { createIdGenerator, sleep, type Timer } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { deleteLock, listForeignLocks, putLock } from '../lock/lock-record.ts'
import { deleteSession, isDead, putSession, type SessionKind } from './session-record.ts'

/** Options of {@link beginSession}. */
export interface BeginSessionOptions {
  readonly kind: SessionKind
  /** Whether restic clients have to be absent and stay so, as for the second step of a prune. @default false */
  readonly exclusive?: boolean | undefined
}

/** A registration with the repository: while it lasts, nothing is removed that was there when it began. */
export interface Registration {
  readonly id: string
  /** By the store's clock, milliseconds since 1970. */
  readonly startedAt: number
  /** Keeps these trees from a prune although their snapshots may be forgotten. Resolves when others can see it. */
  protect(roots: readonly ContentId[]): Promise<void>
  /**
   * Names the snapshots that are about to be stored, before they are: should this session be declared dead then, they are
   * looked at before anybody relies on them. None, when that is over. Resolves when others can see it.
   */
  announce(snapshots: readonly ContentId[]): Promise<void>
  /** Whether nobody has declared it dead. */
  isAlive(): Promise<boolean>
  /** Removes the registration. Calling it twice does nothing. */
  end(): Promise<void>
}

/**
 * Registers a piece of work, refreshes the registration until it ends, and honours restic's locks.
 *
 * @throws `BACKUP_REPOSITORY_LOCKED`
 */
export async function beginSession(
  context: RepositoryContext,
  { kind, exclusive = false }: BeginSessionOptions,
): Promise<Registration> {
  const { clock, random, hostname, logger, resticLocks, sessionTimeout } = context
  const id = createIdGenerator({ clock, random })()
  // Beside each other: what they keep from being removed is looked for when both are there.
  const locking = resticLocks ? putLock(context, id, exclusive) : undefined
  locking?.catch(() => {})
  let startedAt: number
  try {
    startedAt = await putSession(context, id, { kind, hostname, roots: [] })
  } catch (error) {
    const late = await locking?.catch(() => undefined)
    if (late !== undefined) await deleteLock(context, late).catch(() => {})
    throw error
  }
  let roots: readonly ContentId[] = []
  let storing: readonly ContentId[] = []
  let lock: ContentId | undefined
  let ended = false
  let timer: Timer | undefined
  let refreshing: Promise<void> = Promise.resolve()

  const refresh = async (): Promise<void> => {
    if (ended || (await isDead(context, id))) return
    await putSession(context, id, { kind, hostname, startedAt, roots, storing })
    if (!resticLocks || ended) return
    const old = lock
    lock = await putLock(context, id, exclusive)
    if (old !== undefined) await deleteLock(context, old)
  }

  /** A refresh that is under way may say what was before: it comes first. */
  const tell = async (): Promise<void> => {
    await refreshing
    if (!(await isDead(context, id))) await putSession(context, id, { kind, hostname, startedAt, roots, storing })
  }

  const schedule = (): void => {
    const again = (): void => {
      refreshing = refresh()
        // A store that is away for a moment is no reason to stop: the next refresh comes before the session is stale.
        .catch((error: unknown) => logger.warn({ error }, 'The backup session could not be refreshed.'))
        .then(() => (ended ? undefined : schedule()))
    }
    timer = clock.setTimer(again, sessionTimeout / 6, { background: true })
  }

  const end = async (): Promise<void> => {
    if (ended) return
    ended = true
    timer?.cancel()
    await refreshing
    const unlocking = lock === undefined ? undefined : deleteLock(context, lock)
    unlocking?.catch(() => {})
    // Whoever no longer sees this session must see what it has written.
    if (context.listDelay > 0) await sleep(context.listDelay, { clock })
    await deleteSession(context, id)
    await unlocking
  }

  try {
    if (locking !== undefined) {
      lock = await locking
      const others = await listForeignLocks(context, startedAt)
      const other = others.find((each) => exclusive || each.exclusive)
      if (other !== undefined) throw repositoryErrors.BACKUP_REPOSITORY_LOCKED({ holder: other.holder })
    }
  } catch (error) {
    await end().catch(() => {})
    throw error
  }
  schedule()

  return {
    id,
    startedAt,
    async protect(trees) {
      roots = trees
      await tell()
    },
    async announce(snapshots) {
      storing = snapshots
      await tell()
    },
    isAlive: async () => !(await isDead(context, id)),
    end,
  }
}
