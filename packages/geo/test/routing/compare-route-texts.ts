import type { RoadGraph } from '@exprsn/geo/graph'
import { openRouter, routeJson, type RouteRequest, type RouteResult } from '@exprsn/geo/routing'
import { expect } from 'vitest'

/** Whatever may be asked for changes the members of a route. */
const wishes: readonly Omit<RouteRequest, 'points'>[] = [
  {},
  { instructions: false },
  { alternatives: 3, annotations: true },
  { instructions: 'fr', annotations: true, emissions: { gramsPerKilometre: 171 } },
  { alternatives: 1, instructions: false },
]

/** What a router answers between so many places, after each was compared as text. */
export async function compareRouteTexts(
  graph: RoadGraph,
  place: () => readonly [number, number],
  count: number,
): Promise<RouteResult[]> {
  const router = await openRouter(graph)
  const answers: RouteResult[] = []
  for (let asked = 0; asked < count; asked++) {
    const wish = wishes[asked % wishes.length]!
    const via = wish.alternatives === undefined ? [place()] : []
    const answer = await router.route({ ...wish, points: [place(), ...via, place()] })
    expect(routeJson(answer)).toBe(JSON.stringify(answer))
    answers.push(answer)
  }
  return answers
}
