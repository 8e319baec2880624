import type { Position } from '../../coordinates/position.ts'
import { metresBetween } from '../../coordinates/sphere.ts'
import type { Instruction, Maneuver } from '../../routing/guidance/instruction.ts'
import type { RouteLeg, RouteWay } from '../../routing/port/route-request.ts'
import { decodePolyline } from '../polyline/decode-polyline.ts'

/** What is read of a trip. */
export interface ValhallaTrip {
  readonly legs: readonly {
    readonly shape: string
    /** Kilometres and seconds. */
    readonly summary: { readonly length: number; readonly time: number }
    readonly maneuvers?: readonly {
      readonly type: number
      readonly instruction?: string
      readonly street_names?: readonly string[]
      readonly length: number
      readonly time: number
      readonly begin_shape_index: number
      readonly roundabout_exit_count?: number
    }[]
  }[]
}

/** By Valhalla's numbers; what is not named continues. */
const maneuvers: Readonly<Record<number, Maneuver>> = {
  ...{ 1: 'depart', 2: 'depart', 3: 'depart', 4: 'arrive', 5: 'arrive', 6: 'arrive', 9: 'slight-right', 10: 'right' },
  ...{ 11: 'sharp-right', 12: 'turn-round', 13: 'turn-round', 14: 'sharp-left', 15: 'left', 16: 'slight-left' },
  ...{ 17: 'straight', 18: 'ramp-right', 19: 'ramp-left', 20: 'ramp-right', 21: 'ramp-left', 22: 'straight' },
  ...{ 23: 'slight-right', 24: 'slight-left', 26: 'roundabout', 28: 'ferry', 37: 'slight-right', 38: 'slight-left' },
}

/** Reads a trip. `asked` holds the positions of the request. */
export function wayOfTrip(
  trip: ValhallaTrip,
  asked: readonly Position[],
  grams: number | undefined,
): { readonly way: RouteWay; readonly shapes: readonly (readonly Position[])[] } {
  const geometry: Position[] = []
  const legs: RouteLeg[] = []
  const instructions: Instruction[] = []
  const shapes = trip.legs.map(({ shape }) => decodePolyline(shape, 6))
  for (const [index, leg] of trip.legs.entries()) {
    const shape = shapes[index]!
    const first = Math.max(0, geometry.length - 1)
    geometry.push(...(index === 0 ? shape : shape.slice(1)))
    const distance = leg.summary.length * 1_000
    legs.push({
      distance,
      duration: leg.summary.time,
      from: found(shape[0]!, asked[index]!),
      to: found(shape.at(-1)!, asked[index + 1]!),
      first,
      last: geometry.length - 1,
      ...(grams === undefined ? {} : { co2e: distance * grams }),
    })
    for (const maneuver of leg.maneuvers ?? []) {
      const point = first + maneuver.begin_shape_index
      instructions.push({
        maneuver: maneuvers[maneuver.type] ?? 'continue',
        text: maneuver.instruction ?? '',
        name: maneuver.street_names?.[0] ?? '',
        distance: maneuver.length * 1_000,
        duration: maneuver.time,
        position: geometry[point]!,
        point,
        ...(maneuver.roundabout_exit_count === undefined ? {} : { exit: maneuver.roundabout_exit_count }),
      })
    }
  }
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const way = {
    distance: sum(legs.map((leg) => leg.distance)),
    duration: sum(legs.map((leg) => leg.duration)),
    geometry,
    legs,
    instructions,
  }
  return { way, shapes }
}

function found(position: Position, asked: Position) {
  return { position, distance: metresBetween(...position, ...asked), name: '' }
}
