/** A queue that is compared. */
export interface QueueSubject {
  /** Enqueues the numbers from 0, one after another or as many at once as it can. */
  enqueue(count: number, batched: boolean): Promise<void>
  /** Runs what is queued and arrives, at most ten at a time; tells of every payload. */
  start(handle: (payload: number) => void): Promise<void>
  close(): Promise<void>
}

/** Enqueued in pieces of this size by those that take lists. */
export const piece = 1_000

/** Whole pieces of the numbers from 0. */
export function* pieces(count: number): Generator<number[]> {
  for (let start = 0; start < count; start += piece)
    yield Array.from({ length: Math.min(piece, count - start) }, (_, index) => start + index)
}
