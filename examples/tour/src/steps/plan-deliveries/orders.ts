import { randomBelow, randomFraction, randomItem } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { Position } from '@exprsn/geo/coordinates'
import type { Problem, Stop, TravelMatrix, Vehicle } from '@exprsn/geo/optimize'
import type { Router } from '@exprsn/geo/routing'

/** A day's orders in a city. */
export interface Orders {
  readonly problem: Problem
  /** By row of its matrix; the first is the depot. */
  readonly positions: readonly Position[]
}

const hour = 3_600
const depot: Position = [11.93, 57.68]

/** So many stops at places that the network reaches, in a town of some ten kilometres, and lorries under the rules of the EU. */
export async function drawOrders(
  router: Router,
  { stops, vehicles, signal }: { readonly stops: number; readonly vehicles: number; readonly signal: AbortSignal },
): Promise<Orders> {
  const random = new SeededRandom('orders')
  const between = (from: number, to: number): number => from + randomFraction(random) * (to - from)
  const wishes = Array.from({ length: stops * 2 }, (): Position => [between(11.88, 12.06), between(57.66, 57.77)])
  const table = await router.matrix({ sources: [depot, ...wishes], signal })
  const rows = reachable(table).slice(0, stops + 1)
  if (rows.length < stops + 1) throw new Error(`Only ${rows.length - 1} places can be reached.`)
  const pick = (cells: Float64Array): number[] =>
    rows.flatMap((row) => rows.map((column) => cells[row * table.columns + column]!))
  const matrix: TravelMatrix = {
    rows: rows.length,
    columns: rows.length,
    durations: pick(table.durations),
    distances: pick(table.distances),
  }
  const opens = [
    [7, 9],
    [8, 12],
    [9, 11],
    [12, 16],
    [13, 15],
  ] as const
  const list = Array.from({ length: stops }, (_, at): Stop => {
    const [from, to] = randomItem(random, opens)
    return {
      ...{ id: `order ${at + 1}`, place: at + 1, service: 420 + 60 * randomBelow(random, 9) },
      deliver: [1 + randomBelow(random, 5), 20 + randomBelow(random, 160)],
      ...(randomFraction(random) < 0.6 ? { windows: [[from * hour, to * hour] as const] } : {}),
      ...(randomFraction(random) < 0.1 ? { skills: ['tail lift'] } : {}),
    }
  })
  const fleet = Array.from({ length: vehicles }, (_, at): Vehicle => ({
    ...{ id: `lorry ${at + 1}`, start: 0, end: 0, capacity: [70, 2_400], window: [6 * hour, 17 * hour] },
    hours: 'eu-561',
    // Some drivers come back from a night trip: their breaks are due soon.
    ...(at % 3 === 0 ? { hoursSoFar: { driving: 4 * hour, dailyDriving: 4 * hour } } : {}),
    ...(at < 4 ? { skills: ['tail lift'] } : {}),
    costs: { fixed: 60, perMetre: 0.0005, perSecond: 0.008 },
  }))
  return {
    problem: { vehicles: fleet, stops: list, matrix },
    // On the road that is nearest.
    positions: rows.map((row) => table.sources[row]!.position),
  }
}

/** Rows from which the depot, the first, is reached and that it reaches. */
function reachable({
  rows,
  columns,
  durations,
}: {
  readonly rows: number
  readonly columns: number
  readonly durations: Float64Array
}): number[] {
  return [...Array(rows).keys()].filter(
    (row) => Number.isFinite(durations[row]!) && Number.isFinite(durations[row * columns]!),
  )
}
