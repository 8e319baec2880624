import type { WireError } from './wire-error.ts'

/** Set in the data of workers that a pool has made: an entry that is merely imported serves nobody. */
export const workerMark = 'exprsn:tasks'

/** From the pool to the worker. */
export type ToWorker =
  | { readonly type: 'run'; readonly id: number; readonly task: string; readonly data: unknown }
  | { readonly type: 'cancel'; readonly id: number; readonly reason: WireError }

/** From the worker to the pool. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError }
