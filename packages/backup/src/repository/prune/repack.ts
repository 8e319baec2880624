import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import { encodeIndex } from '../index/index-json.ts'
import { packKey } from '../pack/pack-key.ts'
import { SealedPacks } from '../pack/sealed-packs.ts'
import type { LocatedBlob } from '../reader/blob-reader.ts'
import { isAuthentic, release } from '../../seal/index.ts'
import { loadVerified } from '../object/load-verified.ts'
import type { Marked } from './mark.ts'

/**
 * Copies the needed blobs of some packs into new ones and lists those in a new index. A sealed blob is the same bytes
 * wherever it lies: it is checked, and copied as it is. One pack is fetched ahead, and full ones are stored meanwhile.
 */
export async function repack(
  context: RepositoryContext,
  marked: Pick<Marked, 'table' | 'neededRows'>,
  packs: readonly ContentId[],
  signal?: AbortSignal,
): Promise<void> {
  if (packs.length === 0) return
  const { store, objects, key } = context
  const load = (pack: ContentId): Promise<Uint8Array> => loadVerified(store, packKey(pack), pack, signal)
  const needed = neededBlobs(marked, new Set(packs))
  const stored = new SealedPacks(context, signal)
  try {
    for await (const [pack, bytes] of loadedAhead(needed.keys(), load)) {
      signal?.throwIfAborted()
      for (const { type, id, offset, length, uncompressedLength } of needed.get(pack)!) {
        const sealed = bytes.subarray(offset, offset + length)
        if (!isAuthentic(key, sealed))
          throw repositoryErrors.BACKUP_BLOB_CORRUPT({ type, id, pack, reason: 'its authenticator does not match' })
        await stored.add({ type, id, sealed, uncompressedLength })
      }
      release(bytes)
    }
    await objects.save('index', encodeIndex(await stored.finish()), signal)
  } finally {
    await stored.settle()
  }
}

/** Packs with their bytes; the next one is on its way meanwhile. */
async function* loadedAhead(
  packs: Iterable<ContentId>,
  load: (pack: ContentId) => Promise<Uint8Array>,
): AsyncGenerator<readonly [ContentId, Uint8Array], void, void> {
  let before: readonly [ContentId, Promise<Uint8Array>] | undefined
  for (const pack of packs) {
    const loading = load(pack)
    // A failure is told when its turn comes, if it ever does.
    loading.catch(() => {})
    if (before !== undefined) yield [before[0], await before[1]]
    before = [pack, loading]
  }
  if (before !== undefined) yield [before[0], await before[1]]
}

function neededBlobs(
  { table, neededRows }: Pick<Marked, 'table' | 'neededRows'>,
  packs: ReadonlySet<ContentId>,
): Map<ContentId, LocatedBlob[]> {
  const found = new Map<ContentId, LocatedBlob[]>()
  for (let row = 0; row < table.size; row++) {
    if (neededRows[row] !== 1) continue
    if (!packs.has(table.packOf(row))) continue
    const blob = table.row(row)
    const blobs = found.get(blob.pack)
    if (blobs === undefined) found.set(blob.pack, [blob])
    else blobs.push(blob)
  }
  return found
}
