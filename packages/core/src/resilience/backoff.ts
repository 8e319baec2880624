import { milliseconds, type Duration } from '../duration/duration.ts'
import { randomFraction } from '../random/draw.ts'
import type { Random } from '../random/random.ts'
import { resilienceErrors } from './errors.ts'

/** How long to wait before the next attempt. */
export interface BackoffOptions {
  /** Wait after the first failure, before jitter. @default '100ms' */
  readonly initial?: Duration | undefined
  /** No wait is longer. @default '30s' */
  readonly maximum?: Duration | undefined
  /** What the wait grows by after each failure, 1 or more. @default 2 */
  readonly factor?: number | undefined
  /**
   * How chance spreads the callers that failed together. `full`: anything from 0 to the wait; `decorrelated`: anything from
   * `initial` to three times the last wait; `none`: the wait itself.
   * @default 'full'
   */
  readonly jitter?: 'full' | 'decorrelated' | 'none' | undefined
}

/**
 * A function from the number of failures so far (1 or more) and the last wait to the next wait, all in milliseconds.
 * The two jitters are those of M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
 */
export function backoff(options: BackoffOptions, random: Random): (failures: number, last: number) => number {
  const { factor = 2, jitter = 'full' } = options
  const initial = milliseconds(options.initial ?? '100ms')
  const maximum = milliseconds(options.maximum ?? '30s')
  if (!(factor >= 1) || factor === Infinity)
    throw resilienceErrors.CORE_POLICY_OPTION_INVALID({ option: 'factor', value: factor })
  return (failures, last) => {
    if (jitter === 'decorrelated') {
      const ceiling = Math.max(initial, Math.min(maximum, last * 3))
      return Math.min(maximum, initial + randomFraction(random) * (ceiling - initial))
    }
    // A power that overflows times an initial wait of 0 is no number.
    const wait = initial === 0 ? 0 : Math.min(maximum, initial * factor ** (failures - 1))
    return jitter === 'none' ? wait : randomFraction(random) * wait
  }
}
