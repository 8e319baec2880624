import type { Model } from '../model/model.ts'
import { compileProblem } from '../model/compile-problem.ts'
import { ranksVehiclesFirst } from '../model/objective-weights.ts'
import type { Constraint, Unassigned, UnassignedReason } from '../plan/plan.ts'
import type { Problem, ShipmentEnd, Stop, Vehicle } from '../problem/problem.ts'
import { Timetables } from '../schedule/timetables.ts'
import { State } from '../search/state.ts'

/** Stops that are looked into at most; the rest are told the reason of the fleet. */
const mostExplained = 50

/** Stops between two looks at the clock. */
const betweenLooks = 16

/** In larger problems no constraint is lifted: that would take longer than the search may. */
const mostPlaces = 2_000

/**
 * What is left out by orders, and why: each constraint is lifted in turn, and the stop inserted where it is cheapest then.
 *
 * @param timeLeft Milliseconds: no constraint is lifted that could take longer than that. @default always enough
 */
export function unassignedOf(
  problem: Problem,
  model: Model,
  orders: readonly Int32Array[],
  timeLeft: () => number = () => Infinity,
): Unassigned[] {
  const served = new Set(orders.flatMap((order) => [...order].map((task) => model.tasks.request[task]!)))
  const left = Array.from({ length: model.requests.count }, (_, request) => request).filter((one) => !served.has(one))
  if (left.length === 0) return []
  if (model.vehicles.length === 0)
    return left.map((request) => ({
      ...told(model.requests.ids[request]!, 'fleet', []),
      explanation: 'There is no vehicle.',
    }))
  const began = timeLeft()
  const savesVehicles = ranksVehiclesFirst(problem)
  const plain = insertionCosts(model, { orders, requests: left, timeLeft, savesVehicles })
  const alone = insertionCosts(model, { requests: left, timeLeft })
  const chosen = left.slice(0, mostExplained)
  // What could be served, but costs more than its prize, needs no other reason.
  const isOpen = plain.slice(0, mostExplained).some((cost) => cost === Infinity)
  /** Whether there was time for all of them. */
  let isWhole = true
  let longest = began === Infinity ? 0 : began - timeLeft()
  const lifted = (model.places > mostPlaces || !isOpen ? [] : constraints).map(({ constraint, lift }) => {
    const relaxed = lift(problem)
    const before = timeLeft()
    const isLate = relaxed !== undefined && before < longest
    if (isLate) isWhole = false
    if (relaxed === undefined || isLate) return { constraint, full: [], alone: [] }
    const entry = { constraint, ...liftedCosts(relaxed) }
    longest = before === Infinity ? 0 : Math.max(longest, before - timeLeft())
    return entry
  })
  function liftedCosts(relaxed: Problem) {
    const other = compileProblem(relaxed)
    return {
      full: insertionCosts(other, { orders, requests: chosen }),
      alone: insertionCosts(other, { requests: chosen }),
    }
  }
  return left.map((request, at): Unassigned => {
    const stop = model.requests.ids[request]!
    const [cost, costAlone] = [plain[at], alone[at]]
    if (cost === undefined || costAlone === undefined) return told(stop, 'unfinished', [])
    if (cost < Infinity) return told(stop, cost < model.requests.absence[request]! ? 'unfinished' : 'prize', [])
    const relaxing = lifted
      .map(({ constraint, full }) => ({ constraint, cost: full[at] ?? Infinity }))
      .filter(({ cost }) => cost < Infinity)
      .sort((a, b) => a.cost - b.cost)
    if (costAlone < Infinity)
      return told(stop, hasGroupOf(model, request) && relaxing[0]?.constraint === 'group' ? 'group' : 'fleet', relaxing)
    if (!isReachable(model, request)) return told(stop, 'unreachable', [])
    const blame = lifted.find((entry) => (entry.alone[at] ?? Infinity) < Infinity)
    const unblamed = isWhole ? 'several' : 'unfinished'
    return told(stop, blame?.constraint ?? (at < mostExplained ? unblamed : 'fleet'), relaxing)
  })
}

function told(stop: string, reason: UnassignedReason, relaxing: Unassigned['relaxing']): Unassigned {
  return { stop, reason, explanation: sentences[reason], relaxing }
}

/** Whether a vehicle that may serve it finds a way from its start over the visits to its end. */
function isReachable({ requests, tasks, vehicles, places }: Model, request: number): boolean {
  const visits = [requests.first[request]!, requests.second[request]!].filter((task) => task >= 0)
  const suited = vehicles.filter(({ allowed }) => allowed[request] === 1)
  return (suited.length === 0 ? vehicles : suited).some(({ start, end, durations, distances }) => {
    const way = [start, ...visits.map((task) => tasks.place[task]!), end]
    return way.every((place, at) => {
      const cell = at === 0 ? -1 : way[at - 1]! * places + place
      return cell < 0 || (durations[cell]! < Infinity && distances[cell]! < Infinity)
    })
  })
}

function hasGroupOf({ requests }: Model, request: number): boolean {
  return requests.groupsOf[request]!.length > 0
}

interface Inserted {
  /** @default all vehicles have nothing else to do */
  readonly orders?: readonly Int32Array[]
  readonly requests: readonly number[]
  /** @default always enough */
  readonly timeLeft?: () => number
  /** Whether a vehicle more outweighs any prize. @default false */
  readonly savesVehicles?: boolean
}

/** What inserting each costs; Infinity where it cannot be, and none for those that time has not sufficed for. */
function insertionCosts(
  model: Model,
  { orders, requests, timeLeft = () => Infinity, savesVehicles = false }: Inserted,
): number[] {
  const state = new State(model, new Timetables(model))
  if (orders !== undefined) state.restore(orders)
  const costs: number[] = []
  for (const [at, request] of requests.entries()) {
    if (at % betweenLooks === betweenLooks - 1 && timeLeft() <= 0) break
    costs.push(cheapest(model, state, request, savesVehicles))
  }
  return costs
}

function cheapest(model: Model, state: State, request: number, savesVehicles: boolean): number {
  const { isRequired, absence } = model.requests
  const leastOfUnused = savesVehicles && isRequired[request] === 0 ? absence[request]! : 0
  let best = Infinity
  const seen = new Set<number>()
  for (let vehicle = 0; vehicle < model.vehicles.length; vehicle++) {
    // Of vehicles that are alike and unused one is enough.
    const { kind } = model.vehicles[vehicle]!
    if (state.sizes[vehicle] === 0 && seen.has(kind)) continue
    if (state.sizes[vehicle] === 0) seen.add(kind)
    if (!state.groupsAllow(request, vehicle)) continue
    const cost = state.insertions.cost(request, vehicle, state)
    best = Math.min(best, state.sizes[vehicle] === 0 ? Math.max(cost, leastOfUnused) : cost)
  }
  return best
}

/** Per constraint the problem without it; undefined where it has no such constraint. */
const constraints: readonly {
  readonly constraint: Constraint
  readonly lift: (problem: Problem) => Problem | undefined
}[] = [
  {
    constraint: 'skills',
    lift: (problem) => ({ ...problem, ...mapVisits(problem, (stop) => ({ ...stop, skills: [] })) }),
  },
  { constraint: 'capacity', lift: (problem) => withoutLimit(problem, 'capacity') },
  {
    constraint: 'windows',
    lift: (problem) => ({ ...problem, ...mapVisits(problem, ({ windows: _, ...stop }) => stop) }),
  },
  { constraint: 'shift', lift: (problem) => withoutLimit(problem, 'window') },
  { constraint: 'breaks', lift: (problem) => withoutLimit(problem, 'breaks') },
  { constraint: 'hours', lift: (problem) => withoutLimit(problem, 'hours') },
  { constraint: 'max-duty', lift: (problem) => withoutLimit(problem, 'maxDuty') },
  { constraint: 'max-driving', lift: (problem) => withoutLimit(problem, 'maxDriving') },
  { constraint: 'max-distance', lift: (problem) => withoutLimit(problem, 'maxDistance') },
  { constraint: 'max-stops', lift: (problem) => withoutLimit(problem, 'maxStops') },
  { constraint: 'backhauls', lift: (problem) => withoutLimit(problem, 'backhauls') },
  { constraint: 'group', lift: (problem) => (problem.groups === undefined ? undefined : { ...problem, groups: [] }) },
]

function withoutLimit(problem: Problem, name: keyof Vehicle): Problem | undefined {
  if (problem.vehicles.every((vehicle) => vehicle[name] === undefined)) return undefined
  return { ...problem, vehicles: problem.vehicles.map((vehicle) => ({ ...vehicle, [name]: undefined })) }
}

type Visit = ShipmentEnd & Pick<Stop, 'skills'>

function mapVisits(
  { stops = [], shipments = [] }: Problem,
  change: (visit: Visit) => Visit,
): Pick<Problem, 'stops' | 'shipments'> {
  return {
    stops: stops.map((stop) => ({ ...(change(stop) as Stop) })),
    shipments: shipments.map((shipment) => {
      const { skills } = change({ place: 0, skills: shipment.skills })
      return { ...shipment, skills, pickup: change(shipment.pickup), delivery: change(shipment.delivery) }
    }),
  }
}

const sentences: Readonly<Record<UnassignedReason, string>> = {
  skills: 'No vehicle has all the skills that it needs.',
  capacity: 'It is more than any vehicle that may take it can carry.',
  windows: 'No vehicle can be there while its windows are open.',
  shift: 'No vehicle is on duty long enough to serve it.',
  breaks: 'Breaks leave no vehicle the time to serve it.',
  hours: 'The rules of driving and rest let no vehicle serve it.',
  'max-duty': 'It takes longer than any vehicle may be on duty.',
  'max-driving': 'It takes longer to drive there than any vehicle may.',
  'max-distance': 'It is farther than any vehicle may drive.',
  'max-stops': 'No vehicle may make so many visits.',
  unreachable: 'No way leads there.',
  backhauls: 'Deliveries come before what is picked up, and it would not.',
  group: 'Another stop of a group that it belongs to stands in its way.',
  locked: 'What is locked stands in its way.',
  fleet: 'Each vehicle that could serve it is busy with other stops.',
  prize: 'Serving it costs more than leaving it out.',
  unfinished: 'The search was over before it found a place for it, or why there is none.',
  several: 'More than one constraint stands in its way.',
}
