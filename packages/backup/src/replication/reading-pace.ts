/** How long to rest, in milliseconds: the least that a timer can. */
export const restTime = 1
/** What a rest has to bring, in bytes. A TCP window that does not grow holds 64 KiB. */
const worth = 128 * 1024
/** After a rest that brought less, none until this much has come. */
const patience = 4 * 1024 * 1024

/** Whether to let a stream of data rest before it is read again. */
export interface ReadingPace {
  /** After each read: of how many bytes, and whether that was all there was. */
  restsAfter(size: number, drained: boolean): boolean
}

/**
 * Who reads a fast stream as soon as there is anything is woken up for a few kilobytes at a time, and wakes the sender up for each of them:
 * of the processor time that this takes, more than a third goes away when what comes within a millisecond is read at once. Meanwhile the
 * sender goes on into the buffers of both sides. Where they hold little, or the sender is slow, a rest brings little as well, and no more
 * are taken for a while.
 */
export function createReadingPace(): ReadingPace {
  let toCome = worth
  let justRested = false
  return {
    restsAfter(size, drained) {
      toCome -= size
      if (!drained) return false
      const rests = toCome <= 0
      if (rests) toCome = worth
      else if (justRested) toCome = patience
      justRested = rests
      return rests
    },
  }
}
