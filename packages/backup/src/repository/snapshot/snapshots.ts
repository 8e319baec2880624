import { ExprsnError } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { decodeSnapshot } from './snapshot-json.ts'
import type { Snapshot } from './snapshot.ts'
import { fewAtOnce } from '../object/few-at-once.ts'

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

/** Loads are overlapped: a snapshot is small, and a store far away. */
const concurrency = 8

/** Reads all snapshots; `cache` spares reading one twice, for they never change. */
export async function loadSnapshots(
  context: RepositoryContext,
  { cache = new Map(), signal }: LoadSnapshotsOptions = {},
): Promise<LoadedSnapshots> {
  const snapshots: Snapshot[] = []
  const broken: { id: ContentId; error: unknown }[] = []
  const listed = (await context.store.list('snapshots/', signal)).map(({ key }) => key.slice('snapshots/'.length))
  const ids = listed.filter((each) => /^[0-9a-f]{64}$/.test(each))
  await fewAtOnce(ids, concurrency, async (id) => {
    const loaded = cache.get(id) ?? (await loadOne(context, id, signal))
    if (loaded === 'gone') return
    if ('error' in loaded) broken.push(loaded)
    else {
      cache.set(id, loaded)
      snapshots.push(loaded)
    }
  })
  snapshots.sort((left, right) => left.time.getTime() - right.time.getTime() || (left.id < right.id ? -1 : 1))
  broken.sort((left, right) => (left.id < right.id ? -1 : 1))
  return { snapshots, broken }
}

/** `gone`: forgotten between the listing and the reading. */
async function loadOne(
  { objects }: RepositoryContext,
  id: ContentId,
  signal: AbortSignal | undefined,
): Promise<Snapshot | { readonly id: ContentId; readonly error: unknown } | 'gone'> {
  try {
    return decodeSnapshot(id, await objects.load('snapshots', id, signal))
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'BACKUP_OBJECT_MISSING') return 'gone'
    if (ExprsnError.is(error) && error.code === 'BACKUP_OBJECT_CORRUPT') return { id, error }
    throw error
  }
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
