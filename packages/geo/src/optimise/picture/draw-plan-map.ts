import type { Position } from '../../coordinates/position.ts'
import { drawMap, pictureErrors, type DrawMapOptions, type MapFeature } from '../../picture/index.ts'
import { timeText } from '../explain/time-text.ts'
import type { Plan, PlanRoute, PlanStep } from '../plan/plan.ts'
import type { Place, Problem } from '../problem/problem.ts'
import { routeStyle } from './plan-colours.ts'

/** Options of {@link drawPlanMap}. */
export interface DrawPlanMapOptions extends DrawMapOptions {
  /** Where the rows of the matrix lie, for problems whose places are rows. @default places are positions */
  readonly positions?: readonly Position[] | ReadonlyMap<number, Position> | undefined
  /** Per vehicle the line that it drives, such as `route.geometry` of a router. @default straight lines from stop to stop */
  readonly ways?: ReadonlyMap<string, readonly Position[]> | undefined
}

/**
 * Draws where the routes of a plan lead: a line per vehicle in a colour of its own (dashed beyond seven), stops as dots of it, starts and
 * ends in black, what is left out as empty dots. Each dot tells its stop and its time when pointed at. Colours are told apart by
 * colour-blind people.
 *
 * @throws `GEO_PICTURE_INVALID` for a row that has no position, `GEO_POSITION_INVALID`
 * @example
 * ```ts
 * import { drawPlanMap, solve, type Problem } from '@exprsn/geo/optimize'
 *
 * const stops = [{ id: 'bakery', place: [9.53, 47.16] as const }]
 * const problem: Problem = { vehicles: [{ id: 'van', start: [9.52, 47.14] }], stops }
 * const svg = drawPlanMap(problem, await solve(problem, { iterations: 10 }), { title: 'Tuesday' })
 * console.log(svg.includes('<title>van, stop 1: bakery at 00:00</title>')) // false: it takes the van three minutes
 * ```
 */
export function drawPlanMap(
  problem: Problem,
  plan: Pick<Plan, 'routes'> & { readonly unassigned: readonly { readonly stop: string }[] },
  { positions, ways, ...options }: DrawPlanMapOptions = {},
): string {
  const at = positionFinder(positions)
  const lines = plan.routes.map((route, index) => lineOf(route, index, { at, ways }))
  const dots = plan.routes.flatMap((route, index) => stopsOf(route, index, at))
  const ends = plan.routes.flatMap(({ steps }) => steps.filter(({ type }) => ['start', 'end', 'reload'].includes(type)))
  const depots = new Map(
    ends.flatMap(({ place }) => (place === undefined ? [] : [[String(place), at(place)] as const])),
  )
  const left = unassignedOf(problem, plan.unassigned, at)
  const visits = dots.length
  const description =
    `${plan.routes.length} routes with ${visits} visits, ${plan.unassigned.length} left out. ` +
    plan.routes
      .map(
        ({ vehicle, steps }) =>
          `${vehicle}: ${visitsIn(steps)
            .map(({ id }) => id)
            .join(', ')}.`,
      )
      .join(' ')
  return drawMap(
    [
      ...lines,
      ...left,
      ...dots,
      ...[...depots.values()].map((position) =>
        dot(position, { fill: 'black', stroke: 'white', text: 'start or end' }),
      ),
    ],
    { title: 'Plan', description, ...options },
  )
}

type Finder = (place: Place) => Position

function positionFinder(positions: DrawPlanMapOptions['positions']): Finder {
  return (place) => {
    if (typeof place !== 'number') return place
    const position =
      positions instanceof Map ? positions.get(place) : (positions as readonly Position[] | undefined)?.[place]
    if (position === undefined) throw pictureErrors.GEO_PICTURE_INVALID({ reason: `row ${place} has no position` })
    return position
  }
}

function lineOf(
  { vehicle, steps, distance }: PlanRoute,
  index: number,
  { at, ways }: { readonly at: Finder; readonly ways: DrawPlanMapOptions['ways'] },
): MapFeature {
  const { colour, dashes } = routeStyle(index)
  const own = ways?.get(vehicle) ?? steps.flatMap(({ place }) => (place === undefined ? [] : [at(place)]))
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates: own },
    properties: {
      ...{ stroke: colour, 'stroke-width': 2.5, title: vehicle },
      ...(dashes === undefined ? {} : { 'stroke-dasharray': dashes }),
      description: `${vehicle}: ${visitsIn(steps).length} visits, ${(distance / 1_000).toFixed(1)} km`,
    },
  }
}

function stopsOf({ vehicle, steps }: PlanRoute, index: number, at: Finder): MapFeature[] {
  const { colour } = routeStyle(index)
  return visitsIn(steps).map(({ type, id, place, begin }, number) =>
    dot(at(place!), {
      fill: colour,
      stroke: 'white',
      text: `${vehicle}, ${type} ${number + 1}: ${id} at ${timeText(begin)}`,
    }),
  )
}

function unassignedOf(
  { stops = [], shipments = [] }: Problem,
  list: readonly { readonly stop: string }[],
  at: Finder,
): MapFeature[] {
  const left = new Set(list.map(({ stop }) => stop))
  return [
    ...stops.filter(({ id }) => left.has(id)).map(({ id, place }) => [id, place] as const),
    ...shipments
      .filter(({ id }) => left.has(id))
      .flatMap(({ id, pickup, delivery }) => [[id, pickup.place] as const, [id, delivery.place] as const]),
  ].map(([id, place]) => dot(at(place), { fill: 'white', stroke: 'black', text: `${id}: left out` }))
}

function dot(
  coordinates: Position,
  { fill, stroke, text }: { readonly fill: string; readonly stroke: string; readonly text: string },
): MapFeature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates },
    properties: { fill, stroke, 'stroke-width': 1.5, description: text },
  }
}

function visitsIn(steps: readonly PlanStep[]): PlanStep[] {
  return steps.filter(({ type, place }) => ['stop', 'pickup', 'delivery'].includes(type) && place !== undefined)
}
