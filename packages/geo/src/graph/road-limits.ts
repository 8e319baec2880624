import { fits, type SizeLimits } from './profile/size-limits.ts'
import type { VehicleSize } from './profile/road-profile.ts'
import type { RoadLimits } from './road-graph.ts'

const columns = ['height', 'width', 'length', 'weight', 'axleLoad'] as const
const perRoad = columns.length + 1

/** The limits of all roads as lists. */
export function roadLimits(limits: readonly (SizeLimits | undefined)[]): RoadLimits {
  const roads = Int32Array.from(limits.flatMap((limit, road) => (limit === undefined ? [] : [road])))
  return { roads, values: Int32Array.from([...roads].flatMap((road) => valuesOf(limits[road]!))) }
}

/** The roads that a vehicle does not fit through. */
export function tooSmallRoads({ roads, values }: RoadLimits, vehicle: VehicleSize): number[] {
  return [...roads].filter((_, at) => !fits(vehicle, limitsAt(values, at)))
}

function valuesOf(limits: SizeLimits): number[] {
  const sizes = columns.map((column) => (limits[column] === undefined ? -1 : Math.round(limits[column] * 1_000)))
  return [...sizes, limits.hazmat ? -1 : 0]
}

function limitsAt(values: Int32Array, at: number): SizeLimits {
  const [height, width, length, weight, axleLoad] = columns.map((_, column) => {
    const value = values[at * perRoad + column]!
    return value < 0 ? undefined : value / 1_000
  })
  return { height, width, length, weight, axleLoad, hazmat: values[at * perRoad + columns.length] !== 0 }
}
