import { ExprsnError } from '@exprsn/core'
import type { BlobType, ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import type { BlobTable } from '../index/blob-table.ts'
import { loadIndex } from '../index/load-index.ts'
import { tableOf } from '../index/load-table.ts'
import type { MasterKey } from '../key/master-key.ts'
import { isNotFound } from '../object/repository-store.ts'
import { openBlob } from '../pack/open-blob.ts'
import { packKey } from '../pack/pack-key.ts'
import { decodeTree } from '../tree/decode-tree.ts'
import type { BlobReader, LocatedBlob } from './blob-reader.ts'
import { createPackCache } from './pack-cache.ts'

const damage: ReadonlySet<string> = new Set([
  'BACKUP_BLOB_CORRUPT',
  'CORE_STORAGE_NOT_FOUND',
  'CORE_STORAGE_RANGE_INVALID',
  'CORE_STORAGE_TRUNCATED',
])

/** Options of {@link createReader}. */
export interface CreateReaderOptions {
  /** For work that reads the folders of whole snapshots and then is done: packs of folders are kept in memory. @default false */
  readonly walks?: boolean | undefined
  /** The index, where it was loaded already. @default loaded with the first call */
  readonly table?: BlobTable | undefined
}

/** A reader over an index that is loaded with the first call, and again when a pack has moved. */
export function createReader(
  context: RepositoryContext,
  { walks = false, table: loaded }: CreateReaderOptions = {},
): BlobReader & { reload(): void } {
  const { store, key } = context
  const cache = walks ? createPackCache((pack, signal) => store.get(packKey(pack), { signal })) : undefined
  let loading = loaded && Promise.resolve(loaded)
  let table = loaded

  const load = (): Promise<BlobTable> =>
    (loading ??= loadIndex(context)
      .then(({ files }) => tableOf(files))
      .then(
        (found) => (table = found),
        (error: unknown) => {
          loading = undefined
          throw error
        },
      ))

  const fetch = async (blob: LocatedBlob, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    const range = { start: blob.offset, end: blob.offset + blob.length }
    return store.get(packKey(blob.pack), { range, signal })
  }

  const readAt = async (blob: LocatedBlob, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    try {
      const held = blob.type === 'tree' ? await cache?.get(blob, signal) : undefined
      return openBlob(key, blob, held ?? (await fetch(blob, signal)), { pack: blob.pack })
    } catch (error) {
      // A bit may flip on the way: what is at rest decides, so it is fetched once more.
      if (!ExprsnError.is(error) || error.code !== 'BACKUP_BLOB_CORRUPT') throw error
      return openBlob(key, blob, await fetch(blob, signal), { pack: blob.pack })
    }
  }

  /** A blob may lie in several packs: damage to one copy is no loss. */
  const readAny = async (
    copies: readonly LocatedBlob[],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly plain?: Uint8Array; readonly failure?: ExprsnError | undefined; readonly gone: boolean }> => {
    let failure: ExprsnError | undefined
    let gone = copies.length === 0
    for (const blob of copies) {
      try {
        return { plain: await readAt(blob, signal), gone }
      } catch (error) {
        if (!isDamage(error)) throw error
        gone ||= isNotFound(error)
        failure ??= isNotFound(error)
          ? repositoryErrors.BACKUP_OBJECT_MISSING({ key: packKey(blob.pack) }, { cause: error })
          : error
      }
    }
    return { failure, gone }
  }

  const read = async (type: BlobType, id: ContentId, signal: AbortSignal | undefined): Promise<Uint8Array> => {
    const before = await load()
    const first = await readAny(before.locateAll(type, id), signal)
    if (first.plain !== undefined) return first.plain
    if (!first.gone && first.failure !== undefined) throw first.failure
    // The pack was replaced by a prune, or the blob came later than the index in memory.
    if (table === before) loading = undefined
    const second = await readAny((await load()).locateAll(type, id), signal)
    if (second.plain !== undefined) return second.plain
    throw second.failure ?? repositoryErrors.BACKUP_BLOB_MISSING({ type, id })
  }

  const reader: BlobReader & { reload(): void } = {
    async ready() {
      await load()
    },
    locate: (type, id) => table?.locate(type, id),
    read: (type, id, { signal } = {}) => read(type, id, signal),
    readTree: async (id, { signal } = {}) => decodeTree(await read('tree', id, signal)),
    async readPack(pack, range, { signal } = {}) {
      try {
        return await store.get(packKey(pack), { range, signal })
      } catch (cause) {
        throw isNotFound(cause) ? repositoryErrors.BACKUP_OBJECT_MISSING({ key: packKey(pack) }, { cause }) : cause
      }
    },
    open: (blob, sealed) => openBlob(key, blob, sealed),
    reload() {
      loading = undefined
    },
  }
  keys.set(reader, key)
  return reader
}

const keys = new WeakMap<BlobReader, MasterKey>()

/** What opens the blobs of a reader, for other threads; undefined for a reader of another make. */
export function keyOf(reader: BlobReader): MasterKey | undefined {
  return keys.get(reader)
}

function isDamage(error: unknown): error is ExprsnError {
  return ExprsnError.is(error) && damage.has(error.code)
}
