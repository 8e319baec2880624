import { ExprsnError, type Logger } from '@exprsn/core'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { MasterKey } from '../repository/key/master-key.ts'
import { ownMemory } from '../seal/index.ts'
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
  /** Whether threads could be started: what is sent to one that cannot be loaded is lost, and would be read again. */
  const started = Promise.all(Array.from({ length: threads }, () => pool.run('ready', undefined))).then(
    () => true,
    (error: unknown) => {
      if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
      logger.warn({ err: error }, 'Packs are checked without worker threads')
      return false
    },
  )
  started.catch(() => {})

  return {
    async check(pack, bytes) {
      if (!(await started)) return inline.check(pack, bytes)
      return pool.run('check', { key, pack, bytes }, { transfer: ownMemory(bytes) })
    },
    close: () => pool.close(),
  }
}
