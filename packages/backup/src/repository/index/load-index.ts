import type { ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { ExprsnError, sleep } from '@exprsn/core'
import { decodeIndex, type IndexedPack } from './index-json.ts'
import { fewAtOnce } from '../object/few-at-once.ts'

/** One index object with what it lists. */
export interface IndexFile {
  readonly id: ContentId
  readonly packs: readonly IndexedPack[]
}

/** An index that could not be read. */
export interface BrokenIndex {
  readonly id: ContentId
  readonly error: unknown
}

/** Everything that {@link loadIndex} found. */
export interface LoadedIndex {
  readonly files: readonly IndexFile[]
  readonly broken: readonly BrokenIndex[]
}

/** Loads are overlapped: an index is small, and a store far away. */
const concurrency = 8
const mostRounds = 5

/**
 * Reads every index object. One that vanishes between the listing and the reading was replaced by a prune, so the listing
 * is taken again; one that is damaged is reported, not thrown.
 */
export async function loadIndex(
  { store, objects, clock, listDelay }: RepositoryContext,
  signal?: AbortSignal,
): Promise<LoadedIndex> {
  const known = new Map<ContentId, IndexFile | BrokenIndex>()
  for (let round = 1; ; round++) {
    const listed = (await store.list('index/', signal)).map(({ key }) => key.slice('index/'.length))
    const missing = listed.filter((id) => /^[0-9a-f]{64}$/.test(id) && !known.has(id))
    for (const id of known.keys()) if (!listed.includes(id)) known.delete(id)
    if (missing.length === 0) break
    let vanished = false
    await fewAtOnce(missing, concurrency, async (id) => {
      const file = await loadOne(objects, id, signal)
      if (file === 'vanished') vanished = true
      else known.set(id, file)
    })
    if (!vanished || round === mostRounds) break
    if (listDelay > 0) await sleep(listDelay, { clock, signal })
  }
  const all = [...known.values()]
  return {
    files: all.filter((file): file is IndexFile => 'packs' in file),
    broken: all.filter((file): file is BrokenIndex => 'error' in file),
  }
}

async function loadOne(
  objects: RepositoryContext['objects'],
  id: ContentId,
  signal: AbortSignal | undefined,
): Promise<IndexFile | BrokenIndex | 'vanished'> {
  try {
    return { id, packs: decodeIndex(id, await objects.load('index', id, signal)) }
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'BACKUP_OBJECT_MISSING') return 'vanished'
    if (ExprsnError.is(error) && error.code === 'BACKUP_OBJECT_CORRUPT') return { id, error }
    throw error
  }
}
