import { sleep } from '@exprsn/core'
import type { WorkerPool } from '@exprsn/core/workers'
import type { OsmBlock } from '../osm-block.ts'
import { createPbfPool, poolOf } from '../osm-threads.ts'
import { TextPool } from '../text-pool.ts'
import { BlockDecoder } from './block-decoder.ts'
import type { PbfTasks, PlainBlock } from './pbf.worker.ts'
import type { Blob } from './read-blobs.ts'
import type { ReadPbfOptions } from './read-pbf.ts'
import { unpackBlob } from './unpack-blob.ts'

/** Blobs that are on their way per thread: one is decoded, one waits, so that no thread does. */
const blobsPerThread = 2

/** After so many blobs the messages of threads are looked at, while these start. */
const blobsPerTurn = 4

/**
 * Decodes blobs in worker threads; the blocks come in the order of the blobs. Until the threads have started, which takes as
 * long as some ten megabytes of file, or where they cannot start, blobs are decoded here.
 */
export async function* decodeInThreads(
  blobs: AsyncGenerator<Blob, void, undefined>,
  { threads, signal }: ReadPbfOptions,
): AsyncGenerator<OsmBlock, void, undefined> {
  const isOwn = typeof threads === 'number'
  const pool = isOwn ? createPbfPool(threads) : poolOf(threads)
  const count = isOwn ? threads : threads.threads
  try {
    yield* decodeUntil(startOf(pool, count), blobs)
    yield* decodeIn(pool, blobs, { count, signal })
  } finally {
    await blobs.return()
    if (isOwn) await pool.close({ deadline: 0 })
  }
}

/** Starts all threads. */
function startOf(pool: WorkerPool<PbfTasks>, threads: number): { readonly isOver: boolean } {
  const state = { isOver: false }
  const starts = Array.from({ length: threads }, () => pool.run('begin', undefined))
  // Where the worker's file is not beside this one, as in some bundles, all is decoded here.
  void Promise.all(starts).then(
    () => (state.isOver = true),
    () => {},
  )
  return state
}

async function* decodeUntil(
  start: { readonly isOver: boolean },
  blobs: AsyncGenerator<Blob, void, undefined>,
): AsyncGenerator<OsmBlock, void, undefined> {
  const decoder = new BlockDecoder()
  for (let count = 1; !start.isOver; count++) {
    const { done, value } = await blobs.next()
    if (done === true) return
    yield decoder.decode(unpackBlob(value.bytes, value.offset), value.offset)
    if (count % blobsPerTurn === 0) await sleep(0)
  }
}

async function* decodeIn(
  pool: WorkerPool<PbfTasks>,
  blobs: AsyncGenerator<Blob, void, undefined>,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal | undefined },
): AsyncGenerator<OsmBlock, void, undefined> {
  const running: Promise<PlainBlock>[] = []
  for await (const { bytes, offset } of blobs) {
    const copy = new Uint8Array(bytes)
    const block = pool.run('decode', { bytes: copy, offset }, { signal, transfer: [copy.buffer] })
    // Reported where it is awaited, in its turn.
    block.catch(() => {})
    running.push(block)
    if (running.length >= count * blobsPerThread) yield blockOf(await running.shift()!)
  }
  while (running.length > 0) yield blockOf(await running.shift()!)
}

function blockOf({ texts, ...items }: PlainBlock): OsmBlock {
  return { texts: new TextPool(texts.first, texts.bytes), ...items }
}
