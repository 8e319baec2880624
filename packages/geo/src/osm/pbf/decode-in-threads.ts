import { createWorkerPool } from '@exprsn/core/workers'
import type { OsmBlock } from '../osm-block.ts'
import { TextPool } from '../text-pool.ts'
import type { PbfTasks, PlainBlock } from './pbf.worker.ts'
import type { Blob } from './read-blobs.ts'
import type { ReadPbfOptions } from './read-pbf.ts'

/** Blobs that are on their way per thread: one is decoded, one waits, so that no thread does. */
const blobsPerThread = 2

/** Decodes blobs in worker threads; the blocks come in the order of the blobs. */
export async function* decodeInThreads(
  blobs: AsyncGenerator<Blob, void, undefined>,
  { threads, signal }: ReadPbfOptions,
): AsyncGenerator<OsmBlock, void, undefined> {
  const pool = createWorkerPool<PbfTasks>({ entry: workerEntry(), threads })
  const running: Promise<PlainBlock>[] = []
  try {
    for await (const { bytes, offset } of blobs) {
      const copy = new Uint8Array(bytes)
      const block = pool.run('decode', { bytes: copy, offset }, { signal, transfer: [copy.buffer] })
      // Reported where it is awaited, in its turn.
      block.catch(() => {})
      running.push(block)
      if (running.length >= threads * blobsPerThread) yield blockOf(await running.shift()!)
    }
    while (running.length > 0) yield blockOf(await running.shift()!)
  } finally {
    await blobs.return()
    await pool.close({ deadline: 0 })
  }
}

function blockOf({ texts, ...items }: PlainBlock): OsmBlock {
  return { texts: new TextPool(texts.first, texts.bytes), ...items }
}

/** In the source the worker lies beside this file; in the package beside the entry of the area, whatever file this one ended up in. */
function workerEntry(): URL {
  const { url } = import.meta
  if (url.endsWith('.ts')) return new URL('./pbf.worker.ts', url)
  return new URL(/\/osm\/[^/]*$/.test(url) ? './pbf.worker.js' : './osm/pbf.worker.js', url)
}
