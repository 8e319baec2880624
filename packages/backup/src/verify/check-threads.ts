import { ExprsnError, type Logger } from '@exprsn/core'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { MasterKey } from '../repository/key/master-key.ts'
import type { CheckTasks } from './check.worker.ts'
import type { ExpectedPack } from './expected-pack.ts'
import { checkPackContent, type PackContent } from './pack-content.ts'

/** Checks the bytes of packs, in threads or in this one. */
export interface PackChecker {
  /** Takes the bytes along. */
  check(pack: ExpectedPack, bytes: Uint8Array): Promise<PackContent>
  close(): Promise<void>
}

/** MiB: what a thread makes is forgotten with the next blob. */
const maxYoungMemory = 6

/** A checker in so many threads; in this one where their file cannot be loaded, and with 0. */
export function createPackChecker(threads: number, key: MasterKey, logger: Logger): PackChecker {
  const inline: PackChecker = { check: (pack, bytes) => checkPackContent(key, pack, bytes), close: async () => {} }
  if (threads === 0) return inline
  const pool = createWorkerPool<CheckTasks>({
    entry: workerEntry(import.meta.url, './check.worker.ts'),
    threads,
    maxYoungMemory,
    idleTimeout: '1h',
  })
  let isLost = false
  /** Until a thread has loaded, bytes are copied to it: they may still be needed here. */
  let isStarted = false

  return {
    async check(pack, bytes) {
      if (isLost) return inline.check(pack, bytes)
      try {
        const { buffer } = bytes
        const owned = isStarted && buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length
        const found = await pool.run('check', { key, pack, bytes }, { transfer: owned ? [buffer] : [] })
        isStarted = true
        return found
      } catch (error) {
        if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
        if (!isLost) logger.warn({ err: error }, 'Packs are checked without worker threads')
        isLost = true
        return inline.check(pack, bytes)
      }
    },
    close: () => pool.close(),
  }
}
