import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { encodeIndex } from '../index/index-json.ts'
import { packKey } from '../pack/pack-key.ts'
import { SealedPacks } from '../pack/sealed-packs.ts'
import type { LocatedBlob } from '../reader/blob-reader.ts'
import { openSealed } from '../../seal/index.ts'
import { loadVerified } from '../object/sealed-objects.ts'
import type { Marked } from './mark.ts'

/**
 * Copies the needed blobs of some packs into new ones and lists those in a new index. A sealed blob is the same bytes
 * wherever it lies: it is checked, and copied as it is.
 */
export async function repack(
  context: RepositoryContext,
  marked: Pick<Marked, 'table' | 'neededRows'>,
  packs: readonly ContentId[],
  signal?: AbortSignal,
): Promise<void> {
  if (packs.length === 0) return
  const { store, objects, key } = context
  const stored = new SealedPacks(context, signal)
  for (const [pack, blobs] of neededBlobs(marked, new Set(packs))) {
    signal?.throwIfAborted()
    const bytes = await loadVerified(store, packKey(pack), pack, signal)
    for (const blob of blobs) {
      const { type, id, uncompressedLength } = blob
      const sealed = bytes.subarray(blob.offset, blob.offset + blob.length)
      if (openSealed(key, sealed) === undefined)
        throw repositoryErrors.BACKUP_BLOB_CORRUPT({ type, id, pack, reason: 'its authenticator does not match' })
      await stored.add({ type, id, sealed, uncompressedLength })
    }
  }
  await objects.save('index', encodeIndex(await stored.finish()), signal)
}

function neededBlobs(
  { table, neededRows }: Pick<Marked, 'table' | 'neededRows'>,
  packs: ReadonlySet<ContentId>,
): Map<ContentId, LocatedBlob[]> {
  const found = new Map<ContentId, LocatedBlob[]>()
  for (let row = 0; row < table.size; row++) {
    if (neededRows[row] !== 1) continue
    const blob = table.row(row)
    if (!packs.has(blob.pack)) continue
    const blobs = found.get(blob.pack)
    if (blobs === undefined) found.set(blob.pack, [blob])
    else blobs.push(blob)
  }
  return found
}
