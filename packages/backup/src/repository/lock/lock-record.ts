import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { ExprsnError } from '@exprsn/core'
import { formatInstant } from '../tree/instant.ts'

/** A lock as restic writes it. Ours name the session they belong to, which restic reads over. */
export interface LockRow {
  readonly time: string
  readonly exclusive: boolean
  readonly hostname: string
  readonly username: string
  readonly pid: number
  readonly exprsn?: string | undefined
}

/** A lock in the store that is not ours: a restic client at work. */
export interface ForeignLock {
  readonly id: ContentId
  readonly exclusive: boolean
  /** For people. */
  readonly holder: string
}

/** Restic refreshes its locks every 5 minutes and takes those of 30 minutes for stale. */
const staleAfter = 30 * 60_000

/** Writes a lock of a session. */
export function putLock(context: RepositoryContext, session: string, exclusive: boolean): Promise<ContentId> {
  const { hostname, username, clock, objects } = context
  const time = formatInstant(BigInt(Math.floor(clock.now())) * 1_000_000n)
  const row: LockRow = { time, exclusive, hostname, username, pid: process.pid, exprsn: session }
  return objects.save('locks', Buffer.from(JSON.stringify(row)))
}

/** Removes a lock. */
export async function deleteLock({ store }: RepositoryContext, id: ContentId): Promise<void> {
  await store.delete(`locks/${id}`)
}

/** Locks that restic clients hold and refresh. `now` is by the store's clock. */
export async function listForeignLocks(
  context: RepositoryContext,
  now: number,
  signal?: AbortSignal,
): Promise<ForeignLock[]> {
  const locks: ForeignLock[] = []
  for (const { key, modifiedAt } of await context.store.list('locks/', signal)) {
    if (now - modifiedAt.getTime() > staleAfter) continue
    const id = key.slice('locks/'.length)
    const row = await readLock(context.objects, id, signal)
    if (row === undefined || row.exprsn !== undefined) continue
    locks.push({
      id,
      exclusive: row.exclusive,
      holder: `restic, process ${row.pid} on ${row.hostname} since ${row.time}`,
    })
  }
  return locks
}

/** Removes the locks that our own dead sessions left. Restic's own are restic's to remove. */
export async function deleteStaleLocks(context: RepositoryContext, now: number, signal?: AbortSignal): Promise<void> {
  for (const { key, modifiedAt } of await context.store.list('locks/', signal)) {
    if (now - modifiedAt.getTime() <= staleAfter) continue
    const id = key.slice('locks/'.length)
    if ((await readLock(context.objects, id, signal))?.exprsn !== undefined) await deleteLock(context, id)
  }
}

/** Undefined when it is gone meanwhile, or unreadable: nobody keeps a lock that nobody can read. */
async function readLock(
  objects: RepositoryContext['objects'],
  id: ContentId,
  signal: AbortSignal | undefined,
): Promise<LockRow | undefined> {
  try {
    return JSON.parse(Buffer.from(await objects.load('locks', id, signal)).toString()) as LockRow
  } catch (error) {
    const code = ExprsnError.is(error) ? error.code : ''
    if (code === 'BACKUP_OBJECT_MISSING' || code === 'BACKUP_OBJECT_CORRUPT' || error instanceof SyntaxError)
      return undefined
    throw error
  }
}
