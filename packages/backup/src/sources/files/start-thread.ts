import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { PackSettings } from '../../repository/index.ts'
import type { ReaderThread } from './file-readers.ts'
import type { FilesTasks } from './files.worker.ts'
import type { SharedIdSet } from './shared-id-set.ts'

/** What a thread works with. */
export interface StartThreadOptions {
  readonly settings: PackSettings
  readonly known: SharedIdSet
  readonly chunker: 'gear' | 'rabin'
}

/** MiB: nearly everything that a thread makes is forgotten with the next file. */
const maxYoungMemory = 6
/** MiB: little lives long, but without a limit buffers that nobody needs pile up before they are looked for. */
const maxMemory = 64

/** Starts a worker thread that reads files; rejects where the worker's file cannot be loaded. */
export async function startThread({ settings, known, chunker }: StartThreadOptions): Promise<ReaderThread> {
  const pool = createWorkerPool<FilesTasks>({
    entry: workerEntry(import.meta.url, './files.worker.ts'),
    threads: 1,
    maxYoungMemory,
    maxMemory,
    idleTimeout: '1h',
  })
  try {
    await pool.run('begin', { settings, known: known.memory, chunker })
  } catch (error) {
    await pool.close()
    throw error
  }
  let spare: ArrayBuffer[] = []
  return {
    recycle: (memory) => void spare.push(memory),
    async read(jobs, onPack) {
      let step = await pool.run('read', jobs)
      while (step.pack !== undefined) {
        // Resolves when the pack is on its way: the next one is put together meanwhile, and no third one.
        await onPack(step.pack)
        const memory = spare
        spare = []
        step = await pool.run('next', memory, { transfer: memory })
      }
      return step.outcomes!
    },
    finish: async () => (await pool.run('finish', undefined)).pack,
    close: () => pool.close(),
  }
}
