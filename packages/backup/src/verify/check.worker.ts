import { serveTasks } from '@exprsn/core/workers'
import type { MasterKey } from '../repository/key/master-key.ts'
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
  check: ({ key, pack, bytes }: CheckJob) => checkPackContent(key, pack, bytes),
})
