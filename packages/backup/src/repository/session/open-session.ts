import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { loadLastingTable } from '../index/load-table.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import { encodeSnapshot, type NewSnapshot } from '../snapshot/snapshot-json.ts'
import { listNoted, removeNote } from '../snapshot/notes.ts'
import { loadSnapshots, matchesFilter, type SnapshotFilter } from '../snapshot/snapshots.ts'
import { loadSoundSnapshots } from '../snapshot/suspects.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { lackOf } from '../tree/lack-of.ts'
import type { SourceSession } from '../writer/backup-source.ts'
import { createWriter, type CountingWriter } from '../writer/create-writer.ts'
import { beginSession } from './begin-session.ts'

/** Options of `openSession`. */
export interface OpenSessionOptions {
  /** What the parent has to meet; undefined: no parent. */
  readonly parent?: SnapshotFilter | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
}

/** One backup being made. */
export interface BackupSession extends SourceSession {
  readonly writer: CountingWriter
  /**
   * Makes everything durable, then the snapshot: from that moment on it exists, whole. Rejects with
   * `BACKUP_SESSION_LOST` when the backup stood still for longer than `sessionTimeout` and something it counted on is gone.
   */
  commit(snapshot: NewSnapshot): Promise<Snapshot>
  /** Ends the session, with or without a snapshot. Packs that were stored stay, for the next run to use. */
  end(): Promise<void>
}

/** Begins a backup. */
export async function openSession(
  context: RepositoryContext,
  reader: BlobReader,
  { parent: wanted, signal }: OpenSessionOptions = {},
): Promise<BackupSession> {
  // A snapshot never changes: those that are there already are read while the session is registered.
  const cache = new Map<ContentId, Snapshot>()
  const reading = wanted && loadSnapshots(context, { cache, signal }).catch(() => {})
  const registering = beginSession(context, { kind: 'backup' })
  await Promise.allSettled([registering, reading])
  let registration = await registering
  try {
    const parent = wanted && (await protectParent())
    const writer = createWriter(context, { loadTable: () => loadLastingTable(context, signal), signal })
    return { writer, reader, parent, commit: (snapshot) => commit(writer, snapshot), end }
  } catch (error) {
    await registration.end().catch(() => {})
    throw error
  }

  async function end(): Promise<void> {
    await registration.end()
  }

  /** The parent must be there after its protection is visible: a prune lists snapshots first and protections after. */
  async function protectParent(): Promise<Snapshot | undefined> {
    const { snapshots } = await loadSoundSnapshots(context, reader, { cache, signal })
    const unsound = await listNoted(context, 'unsound', signal)
    const candidates = snapshots.filter((each) => matchesFilter(each, wanted!) && !unsound.has(each.id))
    for (const candidate of candidates.reverse()) {
      await registration.protect([candidate.tree])
      if ((await context.store.head(`snapshots/${candidate.id}`, signal)) !== undefined) return candidate
    }
    return undefined
  }

  async function commit(writer: CountingWriter, snapshot: NewSnapshot): Promise<Snapshot> {
    await writer.flush()
    signal?.throwIfAborted()
    const sealed = context.objects.seal(encodeSnapshot(snapshot))
    const wasDead = await announce(sealed.id, snapshot.tree)
    await context.objects.put('snapshots', sealed, signal)
    await registration.announce([])
    const isDead = !(await registration.isAlive())
    if (isDead)
      try {
        await verifyTree(context, reader, snapshot.tree, signal)
      } catch (error) {
        await context.store.delete(`snapshots/${sealed.id}`)
        throw error
      }
    if (wasDead || isDead) await removeNote(context, 'suspects', sealed.id)
    return { ...snapshot, id: sealed.id }
  }

  /**
   * Whoever declares a session dead that is dead already asks it nothing: another one has to stand for the snapshot then. Says
   * whether that came to pass: the snapshot may have been noted as a suspect.
   */
  async function announce(snapshot: ContentId, tree: ContentId): Promise<boolean> {
    await registration.announce([snapshot])
    let wasDead = false
    while (!(await registration.isAlive())) {
      wasDead = true
      const dead = registration
      registration = await beginSession(context, { kind: 'backup' })
      await dead.end()
      await verifyTree(context, reader, tree, signal)
      await registration.announce([snapshot])
    }
    return wasDead
  }
}

/** After others took a session for dead: is everything that the snapshot needs there, and going to stay? */
async function verifyTree(
  context: RepositoryContext,
  reader: BlobReader,
  tree: ContentId,
  signal: AbortSignal | undefined,
): Promise<void> {
  const cause = await lackOf(reader, await loadLastingTable(context, signal), tree, signal)
  if (cause !== undefined) throw repositoryErrors.BACKUP_SESSION_LOST({}, { cause })
}
