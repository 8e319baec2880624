import { metresBetweenAll } from '../../coordinates/metres-between-all.ts'
import type { Position } from '../../coordinates/position.ts'
import type { Place, Problem, TravelMatrix } from './problem.ts'

/** The places of a problem and what travel between them takes. */
export interface Travel {
  readonly count: number
  readonly indexOf: (place: Place) => number
  /** By profile; undefined is the profile of vehicles that name none. */
  readonly matrices: ReadonlyMap<
    string | undefined,
    { readonly durations: Float64Array; readonly distances: Float64Array }
  >
  readonly hasDurations: boolean
}

/** Every place that a problem names, in the order of its fields. */
export function placesOf({ vehicles, stops = [], shipments = [] }: Problem): Place[] {
  return [
    ...vehicles.flatMap(({ start, end, reload }) =>
      [start, end, ...(reload?.places ?? [])].filter((place) => place !== undefined),
    ),
    ...stops.map(({ place }) => place),
    ...shipments.flatMap(({ pickup, delivery }) => [pickup.place, delivery.place]),
  ]
}

/** What travel takes between the places of a checked problem without a router. */
export function travelOf(problem: Problem): Travel {
  const given = new Map<string | undefined, TravelMatrix>(Object.entries(problem.matrices ?? {}))
  if (problem.matrix !== undefined) given.set(undefined, problem.matrix)
  const positions = positionsOf(problem)
  if (positions.length > 0 && given.size === 0) given.set(undefined, straightMatrix(problem, positions))
  const count = given.values().next().value?.rows ?? 0
  const matrices = new Map([...given].map(([profile, matrix]) => [profile, numbersOf(matrix)] as const))
  const indices = new Map(positions.map((position, index) => [position.join(), index]))
  return {
    count,
    matrices,
    indexOf: (place) => (typeof place === 'number' ? place : indices.get(place.join())!),
    hasDurations: [...given.values()].some(({ durations }) => durations !== undefined),
  }
}

/** The different positions of a problem, in order: rows of its matrix. */
export function positionsOf(problem: Problem): Position[] {
  const positions = new Map<string, Position>()
  for (const place of placesOf(problem)) if (typeof place !== 'number') positions.set(place.join(), place)
  return [...positions.values()]
}

function straightMatrix({ straightLines = {} }: Problem, positions: readonly Position[]): TravelMatrix {
  const { detour = 1.3, speed = 13.9 } = straightLines
  const size = positions.length
  const distances = metresBetweenAll(positions)
  const durations = new Float64Array(size * size)
  for (let cell = 0; cell < distances.length; cell++) {
    distances[cell]! *= detour
    durations[cell] = distances[cell]! / speed
  }
  return { rows: size, columns: size, distances, durations }
}

function numbersOf({ rows, durations, distances }: TravelMatrix) {
  const asNumbers = (cells: ArrayLike<number>): Float64Array => {
    const numbers = cells instanceof Float64Array ? cells : Float64Array.from(cells)
    return hasNaN(numbers) ? numbers.map((value) => (Number.isNaN(value) ? Infinity : value)) : numbers
  }
  const time = durations && asNumbers(durations)
  const length = distances === durations ? time : distances && asNumbers(distances)
  return { durations: time ?? new Float64Array(rows * rows), distances: length ?? time! }
}

/** By index: there are millions of cells. */
function hasNaN(numbers: Float64Array): boolean {
  for (let at = 0; at < numbers.length; at++) if (Number.isNaN(numbers[at])) return true
  return false
}
