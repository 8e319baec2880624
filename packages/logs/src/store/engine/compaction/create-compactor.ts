import { ExprsnError, type Clock, type Logger } from '@exprsn/core'
import { createWorkerPool, workerEntry, type WorkerPool } from '@exprsn/core/workers'
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
  readonly clock: Clock
  readonly logger: Logger
}

/** MiB of the thread's heap. */
const maxMemory = 192
/** MiB: most of what is made is forgotten with the next block. */
const maxYoungMemory = 16

/** Makes a compactor; its thread starts with the first job, and ends when it has had none for a while. */
export function createCompactor({ files, threadPath: path, clock, logger }: CompactorOptions): Compactor {
  let pool: WorkerPool<CompactionTasks> | undefined
  // A bundle for CommonJS does not know where the worker is.
  let hasThreads = path !== undefined && (import.meta.url as string | undefined) !== undefined
  return {
    async run(job) {
      if (path === undefined || !hasThreads) return compactFiles(files, job, clock)
      try {
        pool ??= createWorkerPool<CompactionTasks>({
          entry: workerEntry(import.meta.url, './compact.worker.ts', 'store'),
          threads: 1,
          maxMemory,
          maxYoungMemory,
          idleTimeout: '5s',
        })
        return await pool.run('compact', { path, job })
      } catch (error) {
        if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
        logger.warn({ err: error }, 'Segments are compacted without a worker thread.')
        hasThreads = false
        return compactFiles(files, job, clock)
      }
    },
    async close() {
      await pool?.close({ deadline: 0 })
    },
  }
}
