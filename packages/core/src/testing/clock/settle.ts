import { sleep } from '../../clock/sleep.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/**
 * Runs work to its end on a simulated clock: whenever it only waits for timers, time goes on. Work that waits for
 * something real (compression on another thread, say) is given turns of the event loop until it is done.
 */
export async function settle<Result>(clock: SimulatedClock, work: Promise<Result>): Promise<Result> {
  let settled = false
  const done = (): void => {
    settled = true
  }
  work.then(done, done)
  for (await clock.runUntilIdle(); !settled; await clock.runUntilIdle()) await sleep(0)
  return work
}
