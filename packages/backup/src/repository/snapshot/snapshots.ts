import { ExprsnError } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { decodeSnapshot } from './snapshot-json.ts'
import type { Snapshot } from './snapshot.ts'

/** Which snapshots: all conditions hold together. */
export interface SnapshotFilter {
  readonly source?: string | undefined
  readonly hostname?: string | undefined
  readonly tag?: string | undefined
}

/** Every snapshot that {@link loadSnapshots} could read, and those it could not. */
export interface LoadedSnapshots {
  /** Ascending by time. */
  readonly snapshots: readonly Snapshot[]
  readonly broken: readonly { readonly id: ContentId; readonly error: unknown }[]
}

/** Options of {@link loadSnapshots}. */
export interface LoadSnapshotsOptions {
  readonly cache?: Map<ContentId, Snapshot> | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads all snapshots; `cache` spares reading one twice, for they never change. */
export async function loadSnapshots(
  { store, objects }: RepositoryContext,
  { cache = new Map(), signal }: LoadSnapshotsOptions = {},
): Promise<LoadedSnapshots> {
  const snapshots: Snapshot[] = []
  const broken: { id: ContentId; error: unknown }[] = []
  const ids = (await store.list('snapshots/', signal)).map(({ key }) => key.slice('snapshots/'.length))
  for (const id of ids.filter((each) => /^[0-9a-f]{64}$/.test(each))) {
    try {
      const snapshot = cache.get(id) ?? decodeSnapshot(id, await objects.load('snapshots', id, signal))
      cache.set(id, snapshot)
      snapshots.push(snapshot)
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      // Forgotten between the listing and the reading.
      if (error.code === 'BACKUP_OBJECT_MISSING') continue
      if (error.code !== 'BACKUP_OBJECT_CORRUPT') throw error
      broken.push({ id, error })
    }
  }
  snapshots.sort((left, right) => left.time.getTime() - right.time.getTime() || (left.id < right.id ? -1 : 1))
  return { snapshots, broken }
}

/** Whether a snapshot meets a filter. */
export function matchesFilter(snapshot: Snapshot, { source, hostname, tag }: SnapshotFilter): boolean {
  if (source !== undefined && snapshot.source !== source) return false
  if (hostname !== undefined && snapshot.hostname !== hostname) return false
  return tag === undefined || snapshot.tags.includes(tag)
}

/**
 * The one snapshot that an id, the beginning of an id, or `latest` names.
 *
 * @throws `BACKUP_SNAPSHOT_NOT_FOUND`, `BACKUP_SNAPSHOT_AMBIGUOUS`
 */
export function findSnapshot(snapshots: readonly Snapshot[], name: string): Snapshot {
  const notFound = () => repositoryErrors.BACKUP_SNAPSHOT_NOT_FOUND({ snapshot: name })
  if (name === 'latest') {
    const latest = snapshots.at(-1)
    if (latest === undefined) throw notFound()
    return latest
  }
  const found = name.length < 4 ? [] : snapshots.filter(({ id }) => id.startsWith(name))
  if (found.length > 1) throw repositoryErrors.BACKUP_SNAPSHOT_AMBIGUOUS({ snapshot: name })
  if (found[0] === undefined) throw notFound()
  return found[0]
}
