import type { Logger } from '@exprsn/core'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { MasterKey } from '../../repository/key/master-key.ts'
import { ownMemory } from '../../seal/index.ts'
import type { Stretch, StretchPlacer } from './place-stretch.ts'
import type { RestoreTasks } from './restore.worker.ts'

/** A thread that places stretches, or this one. */
export interface PlacingThread {
  /** Takes the bytes of the stretch along. See {@link StretchPlacer}. */
  place(stretch: Stretch): Promise<readonly number[]>
  close(): Promise<void>
}

/** Places in this thread. */
export function inlinePlacing(placer: StretchPlacer): PlacingThread {
  return { place: async (stretch) => placer.place(stretch), close: async () => placer.close() }
}

/** Starts worker threads; none where their file cannot be loaded. */
export async function startPlacingThreads(count: number, key: MasterKey, logger: Logger): Promise<PlacingThread[]> {
  const threads: PlacingThread[] = []
  try {
    while (threads.length < count) threads.push(await startPlacingThread(key))
    return threads
  } catch (error) {
    logger.warn({ err: error }, 'Files are restored without worker threads')
    await Promise.all(threads.map((thread) => thread.close()))
    return []
  }
}

async function startPlacingThread(key: MasterKey): Promise<PlacingThread> {
  const pool = createWorkerPool<RestoreTasks>({
    entry: workerEntry(import.meta.url, './restore.worker.ts'),
    threads: 1,
    idleTimeout: '1h',
  })
  try {
    await pool.run('begin', { key })
  } catch (error) {
    await pool.close()
    throw error
  }
  return {
    place: (stretch) => pool.run('place', stretch, { transfer: ownMemory(stretch.bytes) }),
    async close() {
      await pool.run('end', undefined).catch(() => {})
      await pool.close()
    },
  }
}
