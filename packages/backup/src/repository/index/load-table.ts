import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { listFossils } from '../prune/fossil-list.ts'
import { BlobTable } from './blob-table.ts'
import { loadIndex } from './load-index.ts'

/**
 * The blobs that new content may count on: everything in the index, less the packs that a prune is about to remove. The
 * fossils are read first: packs that are removed between the two readings are missing in the index then.
 */
export async function loadLastingTable(context: RepositoryContext, signal?: AbortSignal): Promise<BlobTable> {
  const fossils = new Set((await listFossils(context, signal)).flatMap(({ packs }) => packs))
  const { files } = await loadIndex(context, signal)
  return tableOf(files, fossils)
}

/** A table of everything that indexes list, without some packs. */
export function tableOf(
  files: Awaited<ReturnType<typeof loadIndex>>['files'],
  without: ReadonlySet<ContentId> = new Set(),
): BlobTable {
  const table = new BlobTable()
  for (const { packs } of files) for (const { id, blobs } of packs) if (!without.has(id)) table.addPack(id, blobs)
  return table
}
