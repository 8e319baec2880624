import type { Clock } from './clock.ts'

/** `setTimeout` fires at once when asked for more than this: longer waits are made of several. */
const longestTimeout = 2 ** 31 - 1

/** The machine's own clock and timers: the default wherever a `clock` is an option. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delay, { background = false } = {}) {
    let handle: NodeJS.Timeout
    const wait = (remaining: number): void => {
      const step = Math.min(remaining, longestTimeout)
      handle = setTimeout(() => (remaining > step ? wait(remaining - step) : callback()), step)
      if (background) handle.unref()
    }
    wait(Math.max(0, delay))
    return { cancel: () => clearTimeout(handle) }
  },
}
