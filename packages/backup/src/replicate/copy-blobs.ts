import type { BlobType, ContentId } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { encodeIndex, type IndexedPack } from '../repository/index/index-json.ts'
import { loadLastingTable } from '../repository/index/load-table.ts'
import { PackBuilder } from '../repository/pack/pack-builder.ts'
import { packKey } from '../repository/pack/pack-key.ts'
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
  const builders: Record<BlobType, PackBuilder> = { data: new PackBuilder(), tree: new PackBuilder() }
  const copied = new Set<string>()
  const written: IndexedPack[] = []
  const unreadable: string[] = []
  let bytes = 0

  const isMissing = (type: BlobType, id: ContentId): boolean => !held.has(type, id) && !copied.has(type + id)

  const close = async (type: BlobType): Promise<void> => {
    const builder = builders[type]
    if (builder.blobs.length === 0) return
    builders[type] = new PackBuilder()
    const pack = builder.finish(to.key, to.random)
    await to.store.put(packKey(pack.id), pack.bytes, { sha256: pack.id, signal })
    bytes += pack.bytes.length
    written.push({ id: pack.id, blobs: pack.blobs })
  }

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
      builders[type].add({ type, id, sealed: content.subarray(offset, offset + length), uncompressedLength })
      copied.add(type + id)
      if (builders[type].size >= to.packSize) await close(type)
    }
  }
  await close('data')
  await close('tree')
  if (written.length > 0) await to.objects.save('index', encodeIndex(written), signal)
  return { bytes, unreadable }
}
