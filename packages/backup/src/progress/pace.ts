import { sleep, type Clock } from '@exprsn/core'

/** Keeps a number of bytes per second over all that asks. */
export interface Pace {
  /** Waits until what was counted so far has had its time, and counts these bytes. */
  take(bytes: number, signal?: AbortSignal): Promise<void>
  /** Counts bytes that were not known before they came. */
  charge(bytes: number): void
}

/**
 * A pace over whole objects: each goes at full speed, and the next one waits until the time is over that the one before
 * should have taken. Without a limit nothing waits.
 */
export function createPace(bytesPerSecond: number | undefined, clock: Clock): Pace {
  if (bytesPerSecond === undefined) return { take: async () => {}, charge: () => {} }
  let freeAt = clock.monotonic()
  const charge = (bytes: number): void => {
    freeAt = Math.max(freeAt, clock.monotonic()) + (bytes * 1_000) / bytesPerSecond
  }
  return {
    charge,
    async take(bytes, signal) {
      // Others may have been first while this one waited; between the last look and counting nobody comes in.
      for (let wait = freeAt - clock.monotonic(); wait > 0; wait = freeAt - clock.monotonic())
        await sleep(Math.ceil(wait), { clock, signal })
      charge(bytes)
    },
  }
}
