import type { Clock } from '../clock/clock.ts'

/** Timers of 0 ms wait 1 ms in Node. */
const shortestTimer = 1

/** How many milliseconds late a timer fires now: what every request waits before it is looked at. */
export function eventLoopLag(clock: Clock): Promise<number> {
  const begun = clock.monotonic()
  return new Promise((resolve) => {
    clock.setTimer(() => resolve(Math.max(0, clock.monotonic() - begun - shortestTimer)), 0)
  })
}
