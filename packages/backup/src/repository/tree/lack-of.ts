import type { ContentId } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'
import type { BlobTable } from '../index/blob-table.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import { walkBlobs } from './walk-blobs.ts'

/** Why not everything that a tree leads to is there; undefined when it is. @throws the signal's reason */
export async function lackOf(
  reader: Pick<BlobReader, 'readTree'>,
  table: Pick<BlobTable, 'has'>,
  tree: ContentId,
  signal?: AbortSignal,
): Promise<unknown> {
  const seen = new Set<string>()
  try {
    await walkBlobs(
      (id, options) => reader.readTree(id, options),
      [tree],
      (type, id) => {
        if (!table.has(type, id)) throw repositoryErrors.BACKUP_BLOB_MISSING({ type, id })
        if (seen.has(type + id)) return false
        seen.add(type + id)
        return true
      },
      signal,
    )
    return undefined
  } catch (error) {
    signal?.throwIfAborted()
    return error
  }
}
