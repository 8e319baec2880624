import { ExprsnError } from '@exprsn/core'
import type { ContentId } from '../blob.ts'
import type { LocatedBlob } from './blob-reader.ts'

/** Whole packs in memory, for whoever reads many small blobs of them. */
export interface PackCache {
  /** The sealed bytes of a blob; undefined: fetch it by itself. */
  get(blob: LocatedBlob, signal: AbortSignal | undefined): Promise<Uint8Array | undefined>
}

/** After so many single reads from a pack it is read whole; each time it was dropped meanwhile, after many more. */
const firstThreshold = 8
const growth = 16
const mostPacks = 2
const mostBytes = 64 * 1_024 * 1_024

/**
 * A walk over a snapshot's folders reads nearly all of a few packs, blob by blob: a request for each takes longer than all the
 * rest. What cannot be read whole is left to single reads, which know what to do about it.
 */
export function createPackCache(load: (pack: ContentId, signal?: AbortSignal) => Promise<Uint8Array>): PackCache {
  const packs = new Map<ContentId, Promise<Uint8Array | undefined>>()
  const reads = new Map<ContentId, number>()
  const thresholds = new Map<ContentId, number>()

  const loadWhole = async (pack: ContentId, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> => {
    try {
      const bytes = await load(pack, signal)
      return bytes.length <= mostBytes ? bytes : undefined
    } catch (error) {
      signal?.throwIfAborted()
      if (!ExprsnError.is(error)) throw error
      return undefined
    }
  }

  const begin = (pack: ContentId, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> => {
    const threshold = thresholds.get(pack) ?? firstThreshold
    const count = (reads.get(pack) ?? 0) + 1
    reads.set(pack, count)
    if (count <= threshold) return Promise.resolve(undefined)
    reads.delete(pack)
    thresholds.set(pack, threshold * growth)
    const loading = loadWhole(pack, signal)
    packs.set(pack, loading)
    loading.catch(() => packs.delete(pack))
    if (packs.size > mostPacks) packs.delete(packs.keys().next().value!)
    return loading
  }

  return {
    async get({ pack, offset, length }, signal) {
      const bytes = await (packs.get(pack) ?? begin(pack, signal))
      return bytes === undefined || offset + length > bytes.length ? undefined : bytes.subarray(offset, offset + length)
    },
  }
}
