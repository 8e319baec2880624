import type { Clock } from '../clock/clock.ts'
import { sleep } from '../clock/sleep.ts'
import { isSqliteBusy } from './sqlite-errors.ts'

/** Options of {@link retryWhileBusy}. */
export interface BusyOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly busyTimeout: number
  readonly signal?: AbortSignal | undefined
}

const longestPause = 20

/**
 * Tries until the lock of another connection is gone or the time is up, then throws SQLite's own busy error. SQLite's
 * built-in busy handler would sleep inside the call: the whole process would stand still, and with it the transaction
 * that holds the lock when it belongs to this process.
 */
export async function retryWhileBusy<Result>(attempt: () => Result, options: BusyOptions): Promise<Result> {
  const { clock, busyTimeout, signal } = options
  const end = clock.monotonic() + busyTimeout
  for (let pause = 1; ; pause = Math.min(pause * 2, longestPause)) {
    signal?.throwIfAborted()
    try {
      return attempt()
    } catch (error) {
      if (!isSqliteBusy(error) || clock.monotonic() >= end) throw error
    }
    await sleep(pause, { clock, signal })
  }
}
