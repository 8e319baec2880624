import type { JudgeOptions } from './judge.ts'
import { runBounded } from './run-bounded.ts'

/** How a quick look at an input went; `suspect` says only that it deserves a closer one. */
export type Screening = 'accepted' | 'refused' | 'suspect'

/**
 * A quick look at many inputs under one time limit, because a limit of its own for each would cost more than most parsers.
 * Gives a screening for those it got to; what is missing is not looked at. Undefined for an asynchronous target.
 */
export function screen(inputs: readonly Uint8Array[], options: JudgeOptions): readonly Screening[] | undefined {
  const { target, expected, maxMilliseconds, hangMilliseconds, clock, guard } = options
  const screenings: Screening[] = []
  let isAsynchronous = false
  runBounded(() => {
    for (const [index, input] of inputs.entries()) {
      screenings[index] = 'suspect'
      const start = clock.monotonic()
      let screening: Screening = 'accepted'
      try {
        const result = target(new Uint8Array(input))
        if (result instanceof Promise) {
          isAsynchronous = true
          result.catch(() => {})
          return
        }
      } catch (error) {
        screening = expected(error) ? 'refused' : 'suspect'
      }
      const isClean = guard.restore().length === 0 && clock.monotonic() - start <= maxMilliseconds
      screenings[index] = isClean ? screening : 'suspect'
    }
  }, hangMilliseconds)
  return isAsynchronous ? undefined : screenings
}
