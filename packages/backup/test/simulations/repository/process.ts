import { randomBelow, randomFraction, sleep, type Clock } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'

/** Probabilities per call of the store, in parts of 10,000. */
export interface ProcessFaults {
  readonly kill: number
  readonly pause: number
}

/** A program that may die or stand still at every call of its store. */
export interface SimulatedProgram {
  readonly store: ObjectStore
  readonly clock: Clock
  readonly dead: () => boolean
  /** Resolves when the program dies. */
  readonly death: Promise<void>
}

/** A new one each time: what waits for one that is shared is kept for ever. */
const never = (): Promise<never> => new Promise(() => {})
const longestPause = 25 * 60_000

/** Puts a program around a store and a clock. What it does after its death never happens. */
export function simulateProgram(
  real: ObjectStore,
  world: SimulatedClock,
  random: SeededRandom,
  faults: ProcessFaults,
  hit: (fault: string) => void,
): SimulatedProgram {
  let alive = true
  let pausedUntil = 0
  let die = (): void => {}
  const death = new Promise<void>((resolve) => (die = resolve))
  const skew = randomBelow(random, 4 * 86_400_000) - 2 * 86_400_000

  /** Nothing goes on in a dead process, and in a paused one not yet. */
  const step = async (phase: string): Promise<void> => {
    if (!alive) return never()
    if (randomFraction(random) * 10_000 < faults.kill) {
      hit(`kill/${phase}`)
      alive = false
      die()
      return never()
    }
    if (randomFraction(random) * 10_000 < faults.pause) {
      hit(`pause/${phase}`)
      pausedUntil = world.now() + randomBelow(random, longestPause)
    }
    while (world.now() < pausedUntil) await sleep(pausedUntil - world.now(), { clock: world })
    return alive ? undefined : never()
  }

  const phaseOf = (key: string): string =>
    key
      .split('/')
      .slice(0, key.startsWith('x-') ? 2 : 1)
      .join('-')
  const around = async <Result>(key: string, call: () => Promise<Result>): Promise<Result> => {
    await step(`before-${phaseOf(key)}`)
    const result = await call()
    await step(`after-${phaseOf(key)}`)
    return result
  }

  return {
    death,
    dead: () => !alive,
    clock: {
      now: () => world.now() + skew,
      monotonic: () => world.monotonic(),
      setTimer: (callback, delay, options) =>
        world.setTimer(
          () => {
            if (!alive) return
            if (world.now() < pausedUntil) world.setTimer(() => alive && callback(), pausedUntil - world.now(), options)
            else callback()
          },
          delay,
          options,
        ),
    },
    store: {
      put: (key, body, options) => around(key, () => real.put(key, body, options)),
      get: (key, options) => around(key, () => real.get(key, options)),
      head: (key, options) => around(key, () => real.head(key, options)),
      delete: (key, options) => around(key, () => real.delete(key, options)),
      async *list(options) {
        await step('before-list')
        yield* real.list(options)
      },
    },
  }
}
