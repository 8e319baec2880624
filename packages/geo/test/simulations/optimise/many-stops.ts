import { randomBelow, randomFraction, systemClock, type Clock } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { checkSolution, Problem, solve, SolveProgress, Stop } from '@exprsn/geo/optimize'

/** What a problem may have beside windows and capacities. */
export const manyStopsFeatures = ['shipments', 'prizes', 'open', 'depots', 'pickups', 'two windows'] as const

type Feature = (typeof manyStopsFeatures)[number]

/** What came of one problem. */
export interface ManyStopsResult {
  readonly violations: readonly string[]
  readonly faults: Readonly<Record<string, number>>
}

/** From that many on, stops may be left out while a search is hot. */
const fewest = 150

/** By then a search has saved what vehicles it can. */
const fleetUntil = 0.5

/**
 * So many stops with windows that the search saves vehicles first and then leaves stops out for a while: the plan is checked, and what
 * a search has found it never gives up for less, not on the way either.
 */
export async function simulateManyStops(
  seed: number,
  engine: { readonly solve: typeof solve },
  check: typeof checkSolution,
): Promise<ManyStopsResult> {
  const random = new SeededRandom(`many stops ${seed}`)
  const chosen = manyStopsFeatures.filter(() => randomFraction(random) < 0.3)
  // Shipments have neither prizes nor one of the two loads.
  const isOfStops = (feature: Feature): boolean => feature === 'prizes' || feature === 'pickups'
  const used = new Set(chosen.filter((feature) => !(chosen.includes('shipments') && isOfStops(feature))))
  const problem = problemOf(random, used)
  const seen: SolveProgress[] = []
  const onProgress = (progress: SolveProgress): void => void seen.push(progress)
  const plan = await engine.solve(problem, { iterations: 4_000, seed, onProgress, clock: hastyClock() })
  const violations = check(problem, plan).map((violation) => JSON.stringify(violation))
  for (const [at, now] of seen.entries()) {
    const before = seen[at - 1]
    if (before !== undefined && (used.has('prizes') ? hasMoreRoutes(now, before) : isWorse(now, before)))
      violations.push(`gave up ${JSON.stringify(before)} for ${JSON.stringify(now)}`)
  }
  const most = Math.max(...seen.filter(({ unassigned }) => unassigned === 0).map(({ routes }) => routes))
  const hasSaved = seen.at(-1)!.routes < most
  const happened = [...used, ...(hasSaved ? ['vehicles saved'] : [])]
  return { violations, faults: Object.fromEntries(happened.map((name) => [name, 1])) }
}

/** Whether fewer are served, or as many by more vehicles, or by as many at a higher cost. */
function isWorse(now: SolveProgress, before: SolveProgress): boolean {
  if (now.unassigned !== before.unassigned) return now.unassigned > before.unassigned
  if (now.routes !== before.routes) return now.routes > before.routes
  return now.cost > before.cost * (1 + 1e-9)
}

/** Optional stops come and go as they are worth it, but once vehicles have been saved none comes back. */
function hasMoreRoutes(now: SolveProgress, before: SolveProgress): boolean {
  return before.share >= fleetUntil && now.routes > before.routes
}

/** A clock by which every turn of a search takes long enough to be told. */
function hastyClock(): Clock {
  let time = 0
  return {
    now: () => systemClock.now(),
    setTimer: (callback, delay, options) => systemClock.setTimer(callback, delay, options),
    monotonic: () => (time += 101),
  }
}

function problemOf(random: SeededRandom, used: ReadonlySet<Feature>): Problem {
  const has = (feature: Feature): boolean => used.has(feature)
  const count = fewest + randomBelow(random, 40)
  const depots = has('depots') ? 2 : 1
  const points = Array.from(
    { length: depots + 2 * count },
    () => [randomBelow(random, 60), randomBelow(random, 60)] as const,
  )
  const durations = points.flatMap(([x, y]) => points.map(([otherX, otherY]) => Math.hypot(x - otherX, y - otherY)))
  const stop = (index: number) => {
    // Nobody is too far away for the first window.
    const opens = 100 + randomBelow(random, 500)
    const closes = opens + 20 + randomBelow(random, 80)
    const windows: Stop['windows'] = [
      [opens, closes],
      ...(has('two windows') ? [[closes + 50, closes + 90] as const] : []),
    ]
    return { place: depots + index, windows, service: randomBelow(random, 6) }
  }
  const load = () => {
    const amount = [1 + randomBelow(random, 5)]
    return has('pickups') && randomFraction(random) < 0.5 ? { pickUp: amount } : { deliver: amount }
  }
  const indexes = Array.from({ length: count }, (_, index) => index)
  const end = has('open') ? () => ({}) : (index: number) => ({ end: index % depots })
  return {
    ...(has('shipments')
      ? {
          shipments: indexes.map((index) => ({
            ...{ id: `shipment ${index}`, amount: [1 + randomBelow(random, 5)] },
            ...{ pickup: stop(index), delivery: { place: depots + count + index } },
          })),
        }
      : {
          stops: indexes.map((index) => ({
            ...{ id: `stop ${index}`, ...stop(index), ...load() },
            ...(has('prizes') && randomFraction(random) < 0.3 ? { prize: 20 + randomBelow(random, 500) } : {}),
          })),
        }),
    vehicles: indexes.map((index) => ({
      ...{ id: `vehicle ${index}`, start: index % depots, ...end(index), capacity: [120], costs: { perMetre: 1 } },
    })),
    matrix: { rows: points.length, columns: points.length, durations, distances: durations },
    objectives: ['unassigned', 'vehicles', 'cost'],
  }
}
