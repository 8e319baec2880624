import type { Problem } from '../problem/problem.ts'

/** What the parts of a problem are called in VROOM, where everything is a number; the same for the same problem each time. */
export interface VroomIds {
  readonly vehicles: ReadonlyMap<string, number>
  readonly jobs: ReadonlyMap<string, number>
  /** Numbers of pickup and delivery. */
  readonly shipments: ReadonlyMap<string, readonly [pickup: number, delivery: number]>
  /** Per vehicle. */
  readonly breaks: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** Ids such as `job 7` that `readVroom` made keep their numbers; the others get free ones. */
export function vroomIds({ vehicles, stops = [], shipments = [] }: Problem): VroomIds {
  const pairs = numbered(shipments, /^shipment (\d+)(?:-(\d+))?$/)
  const deliveries = new Set<number>()
  const shipmentIds = new Map<string, readonly [number, number]>()
  for (const { id } of shipments) {
    const [, , second] = /^shipment (\d+)-(\d+)$/.exec(id) ?? []
    let delivery = second === undefined ? pairs.get(id)! : Number(second)
    while (deliveries.has(delivery)) delivery++
    deliveries.add(delivery)
    shipmentIds.set(id, [pairs.get(id)!, delivery])
  }
  return {
    vehicles: numbered(vehicles, /^vehicle (\d+)$/),
    jobs: numbered(stops, /^job (\d+)$/),
    shipments: shipmentIds,
    breaks: new Map(vehicles.map(({ id, breaks = [] }) => [id, numbered(breaks, /^break (\d+)$/)])),
  }
}

function numbered(items: readonly { readonly id: string }[], form: RegExp): Map<string, number> {
  const numbers = new Map<string, number>()
  const used = new Set<number>()
  for (const { id } of items) {
    const number = Number(form.exec(id)?.[1] ?? NaN)
    if (!Number.isSafeInteger(number) || used.has(number)) continue
    numbers.set(id, number)
    used.add(number)
  }
  let next = 1
  for (const { id } of items) {
    if (numbers.has(id)) continue
    while (used.has(next)) next++
    numbers.set(id, next)
    used.add(next)
  }
  return numbers
}
