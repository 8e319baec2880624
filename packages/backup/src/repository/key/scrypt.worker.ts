import { nextTurn } from '@exprsn/core'
import { serveTasks, withTransfer } from '@exprsn/core/workers'
import { createRoMix } from './ro-mix.ts'
import type { ScryptCost } from './scrypt-cost.ts'

/** What a thread is given: some lanes of scrypt, in memory of their own. */
export interface RoMixJob {
  readonly lanes: Uint32Array<ArrayBuffer>
  readonly cost: ScryptCost
}

/** The tasks of the worker, for the pool. */
export type ScryptTasks = typeof tasks

/** Mixes lanes of scrypt in a thread of its own. */
export const tasks = serveTasks({
  /** Nothing: with its first task a thread starts. */
  start() {},
  /** The lanes, mixed; undefined where the machine cannot run the kernel. */
  roMix({ lanes, cost }: RoMixJob) {
    const roMix = createRoMix()
    // Once the answer is on its way. Where the thread is ended before, the system takes the memory, and wipes it.
    if (roMix) void nextTurn().then(() => roMix.wipe())
    roMix?.mix(lanes, cost)
    return withTransfer(roMix && lanes, [lanes.buffer])
  },
})
