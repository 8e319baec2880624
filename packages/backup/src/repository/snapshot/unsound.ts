import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'

const prefix = 'x-exprsn/unsound/'

/** Notes that a snapshot lacks something for good: nothing new may build on it. */
export async function markUnsound({ store }: RepositoryContext, snapshot: ContentId): Promise<void> {
  await store.put(prefix + snapshot, Buffer.from('unsound'))
}

/** The snapshots that lack something. */
export async function listUnsound({ store }: RepositoryContext, signal?: AbortSignal): Promise<ReadonlySet<ContentId>> {
  return new Set((await store.list(prefix, signal)).map(({ key }) => key.slice(prefix.length)))
}
