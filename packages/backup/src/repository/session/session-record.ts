import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { isNotFound } from '../object/repository-store.ts'
import { putNote } from '../snapshot/notes.ts'
import { openSealed, sealPlain } from '../../seal/index.ts'

/** What a session does: only its own kind of work has to know. */
export type SessionKind = 'backup' | 'prune' | 'replicate' | 'repair'

/** A program that works on the repository, as others see it. */
export interface SessionRecord {
  readonly id: string
  readonly kind: SessionKind
  readonly hostname: string
  /** By the store's clock, milliseconds since 1970. */
  readonly startedAt: number
  /** Its last sign of life, by the store's clock. */
  readonly seenAt: number
  /** Trees that must not be pruned while it works, though their snapshot may be gone. */
  readonly roots: readonly ContentId[]
}

/** A session's object. */
export interface SessionRow {
  readonly kind: SessionKind
  readonly hostname: string
  /** Missing in the first version of the object, which is as old as the session. */
  readonly startedAt?: number | undefined
  readonly roots: readonly ContentId[]
  /** Snapshots that it is about to store. */
  readonly storing?: readonly ContentId[] | undefined
}

const prefix = 'x-exprsn/sessions/'
const deadPrefix = 'x-exprsn/dead/'

/** Writes a session's object; returns the store's time. */
export async function putSession(context: RepositoryContext, id: string, row: SessionRow): Promise<number> {
  const sealed = sealPlain(context.key, Buffer.from(JSON.stringify(row)), context.random)
  const info = await context.store.put(prefix + id, sealed)
  return info.modifiedAt.getTime()
}

/** Removes a session's object. */
export async function deleteSession({ store }: RepositoryContext, id: string): Promise<void> {
  await store.delete(prefix + id)
}

/** Every session there is, dead or alive. One whose object cannot be read may have begun at any time, and has no roots. */
export async function listSessions(context: RepositoryContext, signal?: AbortSignal): Promise<SessionRecord[]> {
  const records: SessionRecord[] = []
  for (const { key, modifiedAt } of await context.store.list(prefix, signal)) {
    const seenAt = modifiedAt.getTime()
    const row = await readRow(context, key, signal)
    if (row === 'gone') continue
    const { kind = 'backup', hostname = '', startedAt = seenAt, roots = [] } = row ?? { startedAt: 0 }
    records.push({ id: key.slice(prefix.length), kind, hostname, startedAt, seenAt, roots })
  }
  return records
}

/**
 * Declares a session dead, for good: should it only have stood still, it finds this note and checks what it relied on. What it
 * is about to store is read after the note is there: whoever names a snapshot later finds the note before storing it.
 */
export async function declareDead(context: RepositoryContext, id: string): Promise<void> {
  await context.store.put(deadPrefix + id, Buffer.from('dead'))
  const row = await readRow(context, prefix + id, undefined)
  if (row === 'gone') return
  for (const snapshot of row?.storing ?? []) await putNote(context, 'suspects', snapshot)
  await deleteSession(context, id)
}

/** Whether a session was declared dead. */
export async function isDead({ store }: RepositoryContext, id: string): Promise<boolean> {
  return (await store.head(deadPrefix + id)) !== undefined
}

/** Removes notes of deaths that are older than an age, counted by the store's clock. */
export async function forgetDead({ store }: RepositoryContext, before: number, signal?: AbortSignal): Promise<void> {
  for (const { key, modifiedAt } of await store.list(deadPrefix, signal))
    if (modifiedAt.getTime() < before) await store.delete(key, signal)
}

/** Bits flip on the way more often than at rest: what cannot be opened is read again. */
async function readRow(
  { store, key }: RepositoryContext,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Partial<SessionRow> | 'gone' | undefined> {
  try {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const plain = openSealed(key, await store.get(name, { signal }))
      if (plain !== undefined) return JSON.parse(Buffer.from(plain).toString()) as SessionRow
    }
    return undefined
  } catch (error) {
    if (isNotFound(error)) return 'gone'
    throw error
  }
}
