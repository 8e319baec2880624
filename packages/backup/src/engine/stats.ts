import type { Repository } from '../repository/index.ts'
import { loadIndex } from '../repository/index/load-index.ts'
import { tableOf } from '../repository/index/load-table.ts'
import { contextOf } from '../repository/repository-context.ts'

/** Sizes of a repository. */
export interface RepositoryStats {
  readonly snapshots: number
  readonly packs: number
  readonly blobs: number
  /** Bytes of all objects in the store. */
  readonly storedBytes: number
  /** Bytes of the content once it is opened, each blob counted once. */
  readonly contentBytes: number
  /** Bytes of all files of all snapshots as they stood in their sources, where that is known. */
  readonly sourceBytes: number
}

/** Adds up what a repository holds. */
export async function repositoryStats(repository: Repository, signal?: AbortSignal): Promise<RepositoryStats> {
  const context = contextOf(repository)
  const snapshots = await repository.snapshots({}, { signal })
  const table = tableOf((await loadIndex(context, signal)).files)
  const seen = new Set<string>()
  let contentBytes = 0
  for (const { type, id, length, uncompressedLength } of table.entries()) {
    if (seen.has(type + id)) continue
    seen.add(type + id)
    contentBytes += uncompressedLength ?? length - 32
  }
  const stored = await context.store.list('', signal)
  return {
    snapshots: snapshots.length,
    packs: table.packs.length,
    blobs: seen.size,
    storedBytes: stored.reduce((sum, { size }) => sum + size, 0),
    contentBytes,
    sourceBytes: snapshots.reduce((sum, { summary }) => sum + (summary?.bytes ?? 0), 0),
  }
}
