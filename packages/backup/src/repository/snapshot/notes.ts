import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'

/**
 * What is known about a snapshot beside itself, for restic to leave alone.
 *
 * - `suspects`: it was about to be stored by a session that was then declared dead. Whether it stands in the store, and whether
 *   all that it needs does, nobody knows.
 * - `unsound`: it lacks something for good. Nothing new may build on it.
 */
export type NoteKind = 'suspects' | 'unsound'

/** A note in the store. */
export interface SnapshotNote {
  readonly snapshot: ContentId
  /** By the store's clock. */
  readonly notedAt: Date
}

const prefixOf = (kind: NoteKind): string => `x-exprsn/${kind}/`

/** Notes something about a snapshot. */
export async function putNote({ store }: RepositoryContext, kind: NoteKind, snapshot: ContentId): Promise<void> {
  await store.put(prefixOf(kind) + snapshot, Buffer.from(kind))
}

/** All notes of a kind. */
export async function listNotes(
  { store }: RepositoryContext,
  kind: NoteKind,
  signal?: AbortSignal,
): Promise<SnapshotNote[]> {
  const prefix = prefixOf(kind)
  const found = await store.list(prefix, signal)
  return found.map(({ key, modifiedAt }) => ({ snapshot: key.slice(prefix.length), notedAt: modifiedAt }))
}

/** The snapshots of such notes. */
export async function listNoted(
  context: RepositoryContext,
  kind: NoteKind,
  signal?: AbortSignal,
): Promise<ReadonlySet<ContentId>> {
  return new Set((await listNotes(context, kind, signal)).map(({ snapshot }) => snapshot))
}

/** Removes a note, if it is there. */
export async function removeNote({ store }: RepositoryContext, kind: NoteKind, snapshot: ContentId): Promise<void> {
  await store.delete(prefixOf(kind) + snapshot)
}
