import { serveTasks } from '@exprsn/core/workers'
import type { MasterKey } from '../repository/key/master-key.ts'
import { release } from '../seal/index.ts'
import type { ExpectedPack } from './expected-pack.ts'
import { checkPackContent } from './pack-content.ts'

/** What a thread is given: one pack, as it lies in the store. */
export interface CheckJob {
  readonly key: MasterKey
  readonly pack: ExpectedPack
  readonly bytes: Uint8Array
}

/** The tasks of the worker, for the pool. */
export type CheckTasks = typeof tasks

/** Checks packs in a thread of its own. */
export const tasks = serveTasks({
  /** Tells that the thread has loaded. */
  ready: () => {},
  async check({ key, pack, bytes }: CheckJob) {
    try {
      return await checkPackContent(key, pack, bytes)
    } finally {
      // They came along for this alone: left to the collector, a few packs at a time would wait for it.
      release(bytes)
    }
  },
})
