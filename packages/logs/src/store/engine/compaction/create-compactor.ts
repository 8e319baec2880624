import { ExprsnError, type Logger } from '@exprsn/core'
import { createWorkerPool, type WorkerPool } from '@exprsn/core/workers'
import type { SegmentEntry } from '../../files/manifest.ts'
import type { SegmentFiles } from '../../files/segment-files.ts'
import type { CompactionTasks } from './compact.worker.ts'
import { compactFiles, type CompactionJob } from './compact-files.ts'

/** Compacts segments, in a thread where that is possible. */
export interface Compactor {
  run(job: CompactionJob): Promise<readonly SegmentEntry[]>
  /** Ends at once; when it returns, nothing is written any more. */
  close(): Promise<void>
}

/** What a {@link Compactor} is made with. */
export interface CompactorOptions {
  readonly files: SegmentFiles
  /** The folder of the store on the system's disk; undefined where there is none: then it is done in this thread. */
  readonly threadPath: string | undefined
  readonly logger: Logger
}

/** MiB of the thread's heap. */
const maxMemory = 192
/** MiB: most of what is made is forgotten with the next block. */
const maxYoungMemory = 16

/** Makes a compactor; its thread starts with the first job, and ends when it has had none for a while. */
export function createCompactor({ files, threadPath: path, logger }: CompactorOptions): Compactor {
  let pool: WorkerPool<CompactionTasks> | undefined
  let hasThreads = path !== undefined
  return {
    async run(job) {
      const entry = hasThreads ? workerEntry() : undefined
      if (path === undefined || entry === undefined) return compactFiles(files, job)
      try {
        pool ??= createWorkerPool<CompactionTasks>({ entry, threads: 1, maxMemory, maxYoungMemory, idleTimeout: '5s' })
        return await pool.run('compact', { path, job })
      } catch (error) {
        if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
        logger.warn({ err: error }, 'Segments are compacted without a worker thread.')
        hasThreads = false
        return compactFiles(files, job)
      }
    },
    async close() {
      await pool?.close({ deadline: 0 })
    },
  }
}

/** In the source the worker lies beside this file; in the package beside the entry of the store, whatever file this is in. */
function workerEntry(): URL | undefined {
  // CommonJS knows no such place.
  const url = import.meta.url as string | undefined
  if (url === undefined) return undefined
  if (url.endsWith('.ts')) return new URL('./compact.worker.ts', url)
  return new URL(/\/store\/[^/]*$/.test(url) ? './compact.worker.js' : './store/compact.worker.js', url)
}
