import { randomFraction, randomItem } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import type { Intercept } from './operation.ts'

/** Options of {@link randomFaults}. */
export interface RandomFaultOptions {
  /** Where chance comes from: with the same seed the faults are the same. */
  readonly random: Random
  /** The share of calls that fail, 0 to 1. */
  readonly rate: number
  /** Reasons to draw from. @default ['EIO', 'ENOSPC'] */
  readonly errnos?: readonly string[] | undefined
}

/** Faults by chance, and how often each has struck. */
export interface RandomFaults {
  readonly intercept: Intercept
  /** Strikes by reason and call, such as `EIO write`: a campaign shows with it that every kind was tried. */
  readonly hits: ReadonlyMap<string, number>
}

/** Calls that only look do not run out of space. */
const onlyChanges = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

/**
 * Lets calls of a simulated disk fail by chance. Closing a file never fails.
 *
 * @example
 * ```ts
 * import { createSimulatedDisk, randomFaults, SeededRandom } from '@exprsn/core/testing'
 *
 * const faults = randomFaults({ random: new SeededRandom(7), rate: 0.01 })
 * const disk = createSimulatedDisk({ intercept: faults.intercept })
 * console.log(disk.crashed, faults.hits.size) // false 0
 * ```
 */
export function randomFaults({ random, rate, errnos = ['EIO', 'ENOSPC'] }: RandomFaultOptions): RandomFaults {
  const hits = new Map<string, number>()
  return {
    hits,
    intercept({ name, changes }) {
      const strikes = randomFraction(random) < rate
      const possible = errnos.filter((errno) => changes || !onlyChanges.has(errno))
      if (!strikes || name === 'close' || possible.length === 0) return undefined
      const errno = randomItem(random, possible)
      hits.set(`${errno} ${name}`, (hits.get(`${errno} ${name}`) ?? 0) + 1)
      return { errno }
    },
  }
}
