import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type * as optimise from '@exprsn/geo/optimize'
import { features, randomProblem, type Feature } from '../../optimise/random-problem.ts'

type Engine = Pick<typeof optimise, 'solve' | 'reoptimise'>
type Check = typeof optimise.checkSolution

/** What came of one problem. */
export interface StormResult {
  readonly violations: readonly string[]
  readonly faults: Readonly<Record<string, number>>
  readonly visits: number
}

/** A random problem with any mix of constraints, solved, then changed and fitted again: every plan is checked. */
export async function simulateOptimise(seed: number, engine: Engine, check: Check): Promise<StormResult> {
  const random = new SeededRandom(seed)
  // Some problems have nearly everything, some one thing.
  const share = seed % 5 === 0 ? 0.08 : seed % 5 === 1 ? 0.6 : 0.3
  const { problem, used } = randomProblem(random, { share })
  const faults = Object.fromEntries(features.filter((feature) => used.has(feature)).map((feature) => [feature, 1]))
  const violations = [...(await plainStorm(seed, engine, check)), ...(await detourStorm(seed, engine, check))]
  try {
    const plan = await engine.solve(problem, { iterations: 50, seed })
    violations.push(...check(problem, plan).map((violation) => `plan: ${JSON.stringify(violation)}`))
    const fewer = { ...problem, ...without(problem, random) }
    const again = await engine.reoptimise(fewer, plan, { iterations: 12, seed })
    violations.push(...check(fewer, again).map((violation) => `again: ${JSON.stringify(violation)}`))
    const visits = plan.routes.reduce((sum, { steps }) => sum + steps.length - 2, 0)
    return { violations, faults, visits }
  } catch (error) {
    // A lock that the other constraints forbid is refused.
    if (used.has('locked') && String(error).includes('.locked')) return { violations, faults, visits: 0 }
    throw error
  }
}

/** A second problem, of what the hot loops of the search know how to deal with alone. */
async function plainStorm(seed: number, engine: Engine, check: Check): Promise<string[]> {
  const random = new SeededRandom(`plain ${seed}`)
  const others: readonly Feature[] = ['fleet', 'depots', 'asymmetric', 'prizes', 'open', 'pickups']
  const only = new Set<Feature>(['capacity', ...others.filter(() => randomFraction(random) < 0.25)])
  if (seed % 3 > 0) only.add('windows').add('service')
  const { problem } = randomProblem(random, { only })
  const plan = await engine.solve(problem, { iterations: 50, seed })
  return check(problem, plan).map((violation) => `plain: ${JSON.stringify(violation)}`)
}

/** A third problem, in which many ways round are faster than the straight one, which is cheaper: without a stop, the next one may be late. */
async function detourStorm(seed: number, engine: Engine, check: Check): Promise<string[]> {
  const random = new SeededRandom(`detours ${seed}`)
  const others: readonly Feature[] = ['max-distance', 'shift', 'setup', 'breaks', 'locked', 'objectives']
  const only = new Set<Feature>(['windows', ...others.filter(() => randomFraction(random) < 0.2)])
  const { problem } = randomProblem(random, { only, stops: 9 })
  const { matrix, vehicles, stops = [] } = problem
  const longer = (value: number): number => (randomFraction(random) < 0.3 ? value * 3 : value)
  const durations = Array.from(matrix!.durations!, longer)
  const costs = { perMetre: 1, perSecond: 0 }
  const around = {
    ...problem,
    matrix: { ...matrix!, durations },
    vehicles: vehicles.map((vehicle) => ({ ...vehicle, costs })),
    stops: stops.map((stop) => ({ ...stop, windows: [[0, 300 + randomBelow(random, 1_500)] as const] })),
  }
  try {
    const plan = await engine.solve(around, { iterations: 40, seed })
    return check(around, plan).map((violation) => `detours: ${JSON.stringify(violation)}`)
  } catch (error) {
    if (only.has('locked') && String(error).includes('.locked')) return []
    throw error
  }
}

/** The problem with some stops gone. */
function without({ stops = [], groups = [], vehicles }: optimise.Problem, random: SeededRandom) {
  const locked = new Set(vehicles.flatMap((vehicle) => vehicle.locked ?? []))
  const kept = stops.filter(({ id }) => locked.has(id) || randomFraction(random) < 0.8)
  const ids = new Set(kept.map(({ id }) => id))
  return {
    stops: kept,
    groups: groups.map((group) => ({
      ...group,
      stops: group.stops.filter((id) => ids.has(id) || id.startsWith('ship')),
    })),
  }
}

/** Every feature, for the campaign's table. */
export const everyFeature: readonly Feature[] = features
