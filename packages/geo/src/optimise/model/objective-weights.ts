import { optimiseErrors } from '../errors.ts'
import type { ObjectiveName, Problem, WeightedObjective } from '../problem/problem.ts'

/** What a unit of each objective weighs in the one figure that the search minimises. */
export type ObjectiveWeights = Readonly<Record<ObjectiveName, number>>

const names: readonly string[] = [
  ...['unassigned', 'vehicles', 'cost', 'distance', 'driving', 'duty', 'makespan', 'balance'],
]

/** The objectives of a problem, the most important first, each level a list. */
export function objectiveLevels(problem: Problem): readonly (readonly WeightedObjective[])[] {
  const levels = problem.objectives ?? (['unassigned', 'cost'] as const)
  return levels.map((level) => (typeof level === 'string' ? [{ minimise: level }] : level))
}

/**
 * Weighs objectives so that the least difference that counts in one level outweighs all that the levels after it can save.
 *
 * @param bounds The most that each objective can come to, and the least difference in it that counts.
 */
export function objectiveWeights(
  problem: Problem,
  bounds: Readonly<Record<ObjectiveName, { readonly most: number; readonly step: number }>>,
): ObjectiveWeights {
  const weights: Record<ObjectiveName, number> = {
    ...{ unassigned: 0, vehicles: 0, cost: 0, distance: 0, driving: 0, duty: 0, makespan: 0, balance: 0 },
  }
  let below = 0
  for (const level of objectiveLevels(problem).toReversed()) {
    let [most, step] = [0, Infinity]
    for (const { minimise, weight = 1 } of level) {
      most += weight * bounds[minimise].most
      if (weight > 0) step = Math.min(step, weight * bounds[minimise].step)
    }
    const scale = below === 0 || !Number.isFinite(step) ? 1 : below / step
    for (const { minimise, weight = 1 } of level) weights[minimise] += weight * scale
    below += most * scale
  }
  return weights
}

/** Whether a level of the vehicles alone comes before any that routes' costs belong to. */
export function ranksVehiclesFirst(problem: Problem): boolean {
  const levels = objectiveLevels(problem).map((level) => level.map(({ minimise }) => minimise))
  const first = levels.find((names) => !names.includes('unassigned'))
  return first?.length === 1 && first[0] === 'vehicles'
}

/** @throws `GEO_PROBLEM_INVALID` */
export function checkObjectives(problem: Problem): void {
  if (problem.objectives === undefined) return
  const levels: unknown = problem.objectives
  if (!Array.isArray(levels) || levels.length === 0) throw invalid('objectives', 'it is no list with members')
  const seen = new Set<string>()
  for (const [at, level] of levels.entries()) {
    const where = `objectives[${at}]`
    const members: unknown = typeof level === 'string' ? [{ minimise: level }] : level
    if (!Array.isArray(members) || members.length === 0) throw invalid(where, 'it is neither a name nor a list')
    for (const member of members as readonly Partial<WeightedObjective>[]) {
      const name = String(member?.minimise)
      if (!names.includes(name)) throw invalid(where, `there is no objective "${name}"`)
      if (seen.has(name)) throw invalid(where, `"${name}" stands there twice`)
      seen.add(name)
      const weight = member.weight ?? 1
      if (typeof weight !== 'number' || !(weight >= 0 && weight < 1e9))
        throw invalid(where, 'its weight is no number from 0')
    }
  }
}

function invalid(where: string, reason: string) {
  return optimiseErrors.GEO_PROBLEM_INVALID({ where, reason })
}
