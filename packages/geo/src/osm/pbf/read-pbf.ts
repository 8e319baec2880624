import { osmErrors } from '../errors.ts'
import type { OsmBlock } from '../osm-block.ts'
import type { OsmThreads } from '../osm-threads.ts'
import { BlockDecoder } from './block-decoder.ts'
import { checkHeader } from './check-header.ts'
import { decodeInThreads } from './decode-in-threads.ts'
import { readBlobs, type Blob } from './read-blobs.ts'
import { unpackBlob } from './unpack-blob.ts'

/** How a PBF file is read. */
export interface ReadPbfOptions {
  /** How many threads to start for this file, or threads that are there. */
  readonly threads: number | OsmThreads
  readonly signal: AbortSignal | undefined
}

/** The blocks of a PBF file. */
export async function* readPbf(
  source: AsyncIterable<Uint8Array>,
  { threads, signal }: ReadPbfOptions,
): AsyncGenerator<OsmBlock, void, undefined> {
  const blobs = dataBlobs(source)
  if (typeof threads !== 'number' || threads > 0) return yield* decodeInThreads(blobs, { threads, signal })
  const decoder = new BlockDecoder()
  for await (const { bytes, offset } of blobs) yield decoder.decode(unpackBlob(bytes, offset), offset)
}

/** The blobs with data; the header, which comes first, is checked. */
async function* dataBlobs(source: AsyncIterable<Uint8Array>): AsyncGenerator<Blob, void, undefined> {
  let hasHeader = false
  for await (const blob of readBlobs(source)) {
    if (blob.type === 'OSMHeader') {
      checkHeader(unpackBlob(blob.bytes, blob.offset), blob.offset)
      hasHeader = true
    }
    if (blob.type !== 'OSMData') continue
    if (!hasHeader) throw osmErrors.GEO_OSM_INVALID({ offset: blob.offset, reason: 'data before the header' })
    yield blob
  }
}
