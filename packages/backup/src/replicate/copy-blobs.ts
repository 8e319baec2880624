import type { BlobType, ContentId } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { encodeIndex, type IndexedPack } from '../repository/index/index-json.ts'
import { loadLastingTable } from '../repository/index/load-table.ts'
import { packKey } from '../repository/pack/pack-key.ts'
import { SealedPacks } from '../repository/pack/sealed-packs.ts'
import { readable } from './copy-objects.ts'

/** What {@link copyBlobs} did. */
export interface CopiedBlobs {
  /** Bytes of the packs that were made. */
  readonly bytes: number
  /** Keys of packs that the source does not hold, or holds damaged. */
  readonly unreadable: readonly string[]
}

/**
 * Copies the content of packs that a prune of the replica is about to remove, or has removed: in new packs, since the old ones
 * are never counted on again. A sealed blob is the same bytes wherever it lies. What the replica has elsewhere stays there.
 */
export async function copyBlobs(
  from: RepositoryContext,
  to: RepositoryContext,
  packs: readonly IndexedPack[],
  signal: AbortSignal | undefined,
): Promise<CopiedBlobs> {
  if (packs.length === 0) return { bytes: 0, unreadable: [] }
  const held = await loadLastingTable(to, signal)
  const stored = new SealedPacks(to, signal)
  const copied = new Set<string>()
  const unreadable: string[] = []

  const isMissing = (type: BlobType, id: ContentId): boolean => !held.has(type, id) && !copied.has(type + id)

  try {
    for (const { id: pack, blobs } of packs) {
      const missing = blobs.filter(({ type, id }) => isMissing(type, id))
      if (missing.length === 0) continue
      signal?.throwIfAborted()
      const key = packKey(pack)
      const content = await readable(from.store, { key, id: pack }, signal)
      if (content === undefined) {
        unreadable.push(key)
        continue
      }
      for (const { type, id, offset, length, uncompressedLength } of missing) {
        await stored.add({ type, id, sealed: content.subarray(offset, offset + length), uncompressedLength })
        copied.add(type + id)
      }
    }
    const written = await stored.finish()
    if (written.length > 0) await to.objects.save('index', encodeIndex(written), signal)
    return { bytes: stored.bytes, unreadable }
  } finally {
    await stored.settle()
  }
}
