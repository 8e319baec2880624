import { sleep } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { loadIndex } from '../index/load-index.ts'
import { encodeIndex } from '../index/index-json.ts'
import { deleteStaleLocks, listForeignLocks } from '../lock/lock-record.ts'
import { fewAtOnce } from '../object/few-at-once.ts'
import { stillLocked } from '../object-lock/locked-objects.ts'
import { packKey } from '../pack/pack-key.ts'
import type { Registration } from '../session/begin-session.ts'
import { declareDead, forgetDead, listSessions } from '../session/session-record.ts'
import { deleteFossils, listFossils, type FossilList } from './fossil-list.ts'
import { mark, storedPacks, type Marked } from './mark.ts'
import { repack } from './repack.ts'

/** Options of {@link sweep}. */
export interface SweepOptions {
  /** Milliseconds for which a list has to have lain. */
  readonly grace: number
  /** Ends it between two packs. */
  readonly signal?: AbortSignal | undefined
}

/** What the second step of a prune did. */
export interface Swept {
  /** Packs that were removed. */
  readonly removed: readonly ContentId[]
  /** Packs of which a backup came to need something after all: that was copied to new packs first. */
  readonly kept: readonly ContentId[]
  /** Packs that nobody needs and that stay until their lock in the store ends. */
  readonly locked: readonly ContentId[]
  /** Who or what the rest is waiting for, for people. */
  readonly waitingFor: readonly string[]
}

/** Notes of deaths and of removed packs are kept for so many milliseconds: whoever stood still for longer has no process any more. */
export const deadFor = 30 * 86_400_000

const parallelDeletions = 8

/**
 * The second step of a prune: removes the packs of those fossil lists that every program at work has seen.
 *
 * The order matters at every line: silent sessions are declared dead before snapshots are listed, new indexes are written
 * before old ones go, and those go before the packs, so that whatever is interrupted is done again.
 *
 * A pack that stands in a list is never used again, whatever a later mark finds: what is needed of it is copied. And the
 * list stays long after its packs are gone. So a prune that stood still and was taken for dead can do no harm when it goes
 * on: it removes what nobody counts on any more, and an index that it writes late lists only packs that are either there
 * or known to be gone.
 */
export async function sweep(
  context: RepositoryContext,
  registration: Registration,
  { grace, signal }: SweepOptions,
): Promise<Swept> {
  const { clock, listDelay } = context
  const now = registration.startedAt
  const waitingFor: string[] = []
  const buried = await buryDead(context, registration, now, signal)
  const lists = (await listFossils(context, signal)).filter(
    ({ writtenAt }) => now - writtenAt >= Math.max(grace, listDelay),
  )
  if (lists.length === 0) return { removed: [], kept: [], locked: [], waitingFor }
  if (context.resticLocks)
    waitingFor.push(...(await listForeignLocks(context, now, signal)).map(({ holder }) => holder))
  if (waitingFor.length > 0) return { removed: [], kept: [], locked: [], waitingFor }
  const ready: FossilList[] = []
  const sessions = await listSessions(context, signal)
  for (const list of lists) {
    const older = sessions.filter(
      ({ id, startedAt }) => id !== registration.id && startedAt <= list.writtenAt + listDelay,
    )
    if (older.length === 0) ready.push(list)
    else waitingFor.push(...older.map(({ kind, hostname }) => `a ${kind} on ${hostname}`))
  }
  if (ready.length === 0) return { removed: [], kept: [], locked: [], waitingFor: [...new Set(waitingFor)] }
  if (buried > 0 && listDelay > 0) await sleep(listDelay, { clock, signal })
  const packs = new Set(ready.flatMap((list) => list.packs))
  if (!(await hasLeftovers(context, packs, signal))) {
    await tidy(context, lists, now, signal)
    return { removed: [], kept: [], locked: [], waitingFor: [...new Set(waitingFor)] }
  }
  const marked = await mark(context, signal)
  const kept = marked.table.packs.filter((pack, number) => packs.has(pack) && marked.neededBytes[number]! > 0)
  await repack(context, marked, kept, signal)
  const there = [...packs].filter((pack) => marked.stored.has(pack))
  const lockedKeys = await stillLocked(context, there.map(packKey), signal)
  const isLocked = (pack: ContentId): boolean => lockedKeys.has(packKey(pack))
  const removed = there.filter((pack) => !isLocked(pack))
  // A pack that stays keeps its place in the index, and in the list.
  const gone = new Set([...packs].filter((pack) => !isLocked(pack)))
  await removePacks(context, marked, gone, removed, signal)
  await tidy(context, lists, now, signal)
  return { removed, kept, locked: there.filter(isLocked), waitingFor: [...new Set(waitingFor)] }
}

/** Whether anything of these packs is left: a list that was dealt with costs no further mark. */
async function hasLeftovers(
  context: RepositoryContext,
  packs: ReadonlySet<ContentId>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const stored = await storedPacks(context, signal)
  if ([...packs].some((pack) => stored.has(pack))) return true
  const { files } = await loadIndex(context, signal)
  return files.some((file) => file.packs.some(({ id }) => packs.has(id)))
}

async function tidy(
  context: RepositoryContext,
  lists: readonly FossilList[],
  now: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await forgetDead(context, now - deadFor, signal)
  for (const { id, writtenAt } of lists) if (writtenAt < now - deadFor) await deleteFossils(context, id)
}

async function buryDead(
  context: RepositoryContext,
  registration: Registration,
  now: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const dead = (await listSessions(context, signal)).filter(
    ({ id, seenAt }) => id !== registration.id && now - seenAt > context.sessionTimeout,
  )
  for (const { id } of dead) await declareDead(context, id)
  if (context.resticLocks) await deleteStaleLocks(context, now, signal)
  return dead.length
}

async function removePacks(
  context: RepositoryContext,
  { files }: Marked,
  packs: ReadonlySet<ContentId>,
  removed: readonly ContentId[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const outdated = files.filter((file) => file.packs.some(({ id }) => packs.has(id)))
  const rest = new Map(
    outdated.flatMap((file) => file.packs.filter(({ id }) => !packs.has(id)).map((pack) => [pack.id, pack])),
  )
  if (rest.size > 0) await context.objects.save('index', encodeIndex([...rest.values()]), signal)
  for (const { id } of outdated) await context.store.delete(`index/${id}`, signal)
  await fewAtOnce(removed, parallelDeletions, (pack) => context.store.delete(packKey(pack), signal))
}
