import type { Position } from '@exprsn/geo/coordinates'
import type { Plan, PlanStep, Problem, Shipment, Stop, Vehicle } from '@exprsn/geo/optimize'
import { depot } from './fleet.ts'
import type { Order } from './orders.ts'

/** What is known of a van beyond its plan. */
export interface Van {
  readonly id: string
  /** Where it was last, and from when on it is free there; undefined: it has not left the depot. */
  readonly last?: { readonly position: Position; readonly free: number } | undefined
  /** When it can leave the depot, where it told. */
  readonly ready?: number | undefined
  /** Orders whose goods are on board. */
  readonly aboard: readonly string[]
}

/** The problem as it stands now, and what has been done on the way here. */
export interface Situation {
  readonly problem: Problem
  readonly vans: readonly Van[]
  readonly done: readonly string[]
}

/**
 * Follows the plan until now. Whatever a van has begun is done; a van that is between two stops goes on to the next. Goods that are on board
 * stay there: their stops need a skill that only this van has. What is ordered while vans are out is fetched at the depot.
 */
export function situationAt(
  now: number,
  {
    fleet,
    orders,
    plan,
    vans,
    late,
  }: {
    readonly fleet: readonly Vehicle[]
    readonly orders: readonly Order[]
    readonly plan: Plan | undefined
    readonly vans: readonly Van[]
    /** A van that has lost so many seconds, told now. */
    readonly late?: { readonly van: string; readonly seconds: number } | undefined
  },
): Situation {
  const done = new Set<string>()
  const moved = fleet.map((vehicle) => {
    const van = vans.find(({ id }) => id === vehicle.id) ?? { id: vehicle.id, aboard: [] }
    const steps = plan?.routes.find((route) => route.vehicle === vehicle.id)?.steps ?? []
    const lost = late?.van === vehicle.id ? late.seconds : 0
    return followed(van, steps, { now, lost, done })
  })
  const open = orders.filter(({ id }) => !done.has(id))
  const owner = new Map(moved.flatMap(({ van }) => van.aboard.map((id) => [id, van.id] as const)))
  const isAnyOut = moved.some(({ van }) => van.last !== undefined)
  const stops = open.flatMap((order): Stop[] => {
    const van = owner.get(order.id)
    if (van === undefined && isAnyOut) return []
    return [
      { ...visitOf(order), id: order.id, deliver: [order.boxes], ...(van === undefined ? {} : { skills: [van] }) },
    ]
  })
  const shipments = open.flatMap((order): Shipment[] =>
    isAnyOut && !owner.has(order.id)
      ? [{ id: order.id, pickup: { place: depot, service: 120 }, delivery: visitOf(order), amount: [order.boxes] }]
      : [],
  )
  const vehicles = fleet.map((vehicle, at): Vehicle => {
    const { van, next } = moved[at]!
    const [opens, closes] = vehicle.window!
    const from = van.last?.free ?? Math.max(opens, now, van.ready ?? 0)
    return {
      ...vehicle,
      start: van.last?.position ?? vehicle.start,
      window: [Math.min(from, closes), closes],
      skills: [van.id],
      locked: next,
    }
  })
  return {
    problem: { vehicles, stops, shipments, straightLines: { speed: 11 } },
    vans: moved.map(({ van }) => van),
    done: [...done],
  }
}

/** Where a van is by its plan, and the visit that it is on its way to. */
function followed(
  van: Van,
  steps: readonly PlanStep[],
  { now, lost, done }: { readonly now: number; readonly lost: number; readonly done: Set<string> },
): { readonly van: Van; readonly next: readonly string[] } {
  const begun = steps.filter(({ begin }) => begin <= now)
  const current = begun.findLast(({ place }) => place !== undefined)
  const start = steps[0]?.begin ?? now
  if (van.last === undefined && (current === undefined || start >= now))
    return { van: lost > 0 ? { ...van, ready: Math.max(start, now) + lost } : van, next: [] }
  // Still busy where it was.
  if (current === undefined) return { van: { ...van, last: { ...van.last!, free: van.last!.free + lost } }, next: [] }
  for (const { type, id } of begun) if (id !== undefined && (type === 'stop' || type === 'delivery')) done.add(id)
  const ahead = steps.slice(begun.length).filter(({ id, type }) => id !== undefined && type !== 'break')
  const loaded = [...steps.filter(({ type }) => type === 'stop'), ...begun.filter(({ type }) => type === 'pickup')].map(
    ({ id }) => id!,
  )
  return {
    van: {
      id: van.id,
      last: { position: current.place as Position, free: current.end + lost },
      aboard: [...new Set([...loaded, ...van.aboard])].filter((id) => !done.has(id)),
    },
    next: current.end < now && ahead[0] !== undefined ? [ahead[0].id!] : [],
  }
}

function visitOf({ position, window, service = 240 }: Order) {
  return { place: position, service, ...(window === undefined ? {} : { windows: [window] }) }
}
