import { sleep, type Clock } from '@exprsn/core'
import type { WholeSearch } from '../search/create-search.ts'

/** Which part of a whole search is wanted. */
export interface SearchPart {
  /** The shares of the whole between which it lies. */
  readonly from: number
  readonly until: number
  /** What the whole may take, in iterations and in milliseconds. */
  readonly iterations: number
  readonly timeLimit: number
}

/** What a search is watched by. */
export interface SearchWatch {
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
  /** Of the problem: an iteration takes the longer the more there are. */
  readonly visits: number
  /** Called every few milliseconds. */
  readonly onTurn?: ((share: number, now: number) => void) | undefined
}

/** Where stops are left out, the last tenth of the time is for finding out why. */
const reasonsFrom = 0.9

/** Iterations between two looks at the clock are chosen so that they take about so many milliseconds. */
const sliceTime = 10

/**
 * Searches until its share of the whole has passed; the event loop gets a turn every few milliseconds. Without a time limit, what
 * is done does not depend on the clock.
 */
export async function searchUntil(
  search: WholeSearch,
  { from, until, iterations, timeLimit }: SearchPart,
  { clock, signal, visits, onTurn }: SearchWatch,
): Promise<void> {
  const started = clock.monotonic()
  const budget = iterations === Infinity ? Infinity : Math.round(iterations * until) - Math.round(iterations * from)
  const usual = Math.max(1, Math.min(100, Math.round(20_000 / Math.max(1, visits))))
  // Under hours of service an iteration may take milliseconds: what has little time begins with few.
  const least = timeLimit < Infinity ? Math.min(4, usual) : usual
  let slice = least
  let [share, turned] = [from, started]
  const isOver = (): boolean =>
    share >= until || (timeLimit < Infinity && share >= reasonsFrom && search.best.absent > 0)
  const work = async (step: (count: number) => void): Promise<void> => {
    const before = clock.monotonic()
    step(slice)
    const now = clock.monotonic()
    if (timeLimit < Infinity) slice = nextSlice(slice, now - before)
    share = from + Math.max((now - started) / timeLimit, search.iterations / iterations || 0)
    if (now - turned > sliceTime) {
      await sleep(0, { clock, signal })
      turned = clock.monotonic()
    }
    signal?.throwIfAborted()
    onTurn?.(share, now)
  }
  let stands = false
  while (!stands && !isOver()) await work((stops) => (stands = search.begin(stops)))
  slice = least
  while (search.iterations < budget && !isOver())
    await work((count) => search.run(Math.min(count, budget - search.iterations), share))
}

function nextSlice(slice: number, took: number): number {
  if (took < sliceTime / 2) return Math.min(slice * 2, 10_000)
  return took > 2 * sliceTime ? Math.max(1, slice >> 1) : slice
}
