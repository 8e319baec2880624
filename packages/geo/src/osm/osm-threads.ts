import { createWorkerPool, workerEntry, type WorkerPool } from '@exprsn/core/workers'
import type { PbfTasks } from './pbf/pbf.worker.ts'

/** Threads that unpack and decode PBF for one reading after the other, or for several at once. */
export interface OsmThreads {
  /** How many there are at most; one that has nothing to do for half a minute ends, and starts again when it is needed. */
  readonly threads: number
  /** Ends the threads. Readings that still use them fail. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Options of {@link createOsmThreads}. */
export interface OsmThreadsOptions {
  /** How many. @default 2 */
  readonly threads?: number | undefined
}

const pools = new WeakMap<OsmThreads, WorkerPool<PbfTasks>>()

/**
 * Keeps threads for {@link readOsm} from file to file. To start a thread, and for it to become fast, takes as long as reading
 * some ten megabytes; who reads many files, or the same one every hour, pays for it once. They start when they are first
 * needed and do not keep the process alive.
 *
 * @throws `CORE_WORKERS_OPTION_INVALID`
 * @example
 * ```ts
 * import { createOsmThreads, readOsm } from '@exprsn/geo/osm'
 *
 * await using threads = createOsmThreads({ threads: 2 })
 * const xml = '<osm><node id="1" lat="47.14" lon="9.52"/></osm>'
 * for await (const { nodes } of readOsm(new TextEncoder().encode(xml), { threads })) console.log(nodes.ids[0]) // 1
 * ```
 */
export function createOsmThreads({ threads = 2 }: OsmThreadsOptions = {}): OsmThreads {
  const pool = createPbfPool(threads)
  const close = (): Promise<void> => pool.close({ deadline: 0 })
  const kept: OsmThreads = { threads, close, [Symbol.asyncDispose]: close }
  pools.set(kept, pool)
  return kept
}

/** The pool behind kept threads. */
export function poolOf(kept: OsmThreads): WorkerPool<PbfTasks> {
  return pools.get(kept)!
}

/** Nobody waits for a thread that starts: blobs are decoded without it until then, however busy the machine is. */
const startTimeout = '2m'

/** A pool whose threads decode blobs. */
export function createPbfPool(threads: number): WorkerPool<PbfTasks> {
  const entry = workerEntry(import.meta.url, './pbf/pbf.worker.ts', 'osm')
  return createWorkerPool<PbfTasks>({ entry, threads, startTimeout })
}
