import type { Position } from '../../coordinates/position.ts'
import type { Place, Problem, Shipment, ShipmentEnd, Stop, TravelMatrix, Vehicle } from '../problem/problem.ts'
import { checkProblem } from '../problem/check-problem.ts'
import type { InitialPlan } from '../solve/initial-orders.ts'
import {
  idOf,
  listOf,
  numberOf,
  numbersOf,
  objectOf,
  vroomInvalid,
  vroomUnsupported,
  windowsOf,
} from './vroom-fields.ts'
import type { VroomInput } from './vroom-json.ts'
import { readVroomMatrices } from './vroom-matrices.ts'

/** What a file of VROOM holds. */
export interface VroomProblem {
  readonly problem: Problem
  /** The vehicles' `steps`, where there are any: pass them to `solve` as `initial`. */
  readonly initial?: InitialPlan | undefined
  /** Where rows of the matrix lie, as far as the file tells: for maps. */
  readonly positions: ReadonlyMap<number, Position>
}

interface Context {
  /** Whether places are rows. */
  readonly hasMatrices: boolean
  readonly positions: Map<number, Position>
}

/**
 * Reads what VROOM takes: jobs become stops called `job 7`, shipments `shipment 3` (or `shipment 3-4` where the delivery has another
 * number), vehicles `vehicle 1`, breaks `break 1`, skills texts. Positions without `matrices` need a `router`, or are straight lines.
 *
 * @param input The text, or what `JSON.parse` made of it.
 * @throws `GEO_PROBLEM_FORMAT_INVALID`, `GEO_PROBLEM_INVALID`, `GEO_VROOM_UNSUPPORTED`, which name the field
 * @example
 * ```ts
 * import { readVroom } from '@exprsn/geo/optimize'
 *
 * const { problem } = readVroom({
 *   vehicles: [{ id: 1, start_index: 0, end_index: 0, capacity: [4] }],
 *   jobs: [{ id: 7, location_index: 1, delivery: [2], service: 300 }],
 *   matrices: { car: { durations: [[0, 60], [60, 0]] } },
 * })
 * console.log(problem.stops?.[0]) // { id: 'job 7', place: 1, service: 300, deliver: [ 2 ] }
 * ```
 */
export function readVroom(input: string | VroomInput): VroomProblem {
  const file = objectOf(parsed(input), 'the text', ['vehicles', 'jobs', 'shipments', 'matrices', 'matrix'])
  const vehicleList = listOf(file.vehicles, 'vehicles')
  const { matrices, profileOf } = readVroomMatrices(file, vehicleList)
  const context: Context = { hasMatrices: matrices.size > 0, positions: new Map() }
  const vehicles = vehicleList.map((value, at) => readVehicle(value, `vehicles[${at}]`, { ...context, profileOf }))
  const stops = listOf(file.jobs, 'jobs').map((value, at) => readJob(value, `jobs[${at}]`, context))
  const shipments = listOf(file.shipments, 'shipments').map((value, at) =>
    readShipment(value, `shipments[${at}]`, context),
  )
  checkAmounts([...stops, ...shipments], vehicles)
  checkDistances(vehicles, matrices)
  const problem: Problem = {
    vehicles,
    ...(stops.length === 0 ? {} : { stops }),
    ...(shipments.length === 0 ? {} : { shipments: shipments.map(({ shipment }) => shipment) }),
    ...(matrices.size === 0 ? {} : { matrices: Object.fromEntries(matrices) as Record<string, TravelMatrix> }),
  }
  checkProblem(problem)
  const initial = initialOf(vehicleList, vehicles, shipments)
  return { problem, ...(initial === undefined ? {} : { initial }), positions: context.positions }
}

function parsed(input: unknown): unknown {
  if (typeof input !== 'string') return input
  try {
    return JSON.parse(input)
  } catch {
    throw vroomInvalid('it is no JSON')
  }
}

const taskFields = ['id', 'description', 'location', 'location_index', 'setup', 'service', 'time_windows']
const perType = 'handling takes as long for vehicles of each type'
const unsupportedOfTasks = { setup_per_type: perType, service_per_type: perType }

function readEnd(value: Readonly<Record<string, unknown>>, where: string, context: Context): ShipmentEnd {
  const place = placeOf(value.location, value.location_index, `${where}.location`, context)
  if (place === undefined)
    throw vroomInvalid(`${where}.${context.hasMatrices ? 'location_index' : 'location'} is missing`)
  const windows = windowsOf(value.time_windows, `${where}.time_windows`)
  return defined({
    place,
    ...(windows === undefined || windows.length === 0 ? {} : { windows }),
    service: numberOf(value.service, `${where}.service`),
    setup: numberOf(value.setup, `${where}.setup`),
  })
}

function readJob(value: unknown, where: string, context: Context): Stop {
  const fields = [...taskFields, 'delivery', 'pickup', 'amount', 'skills', 'priority']
  const job = objectOf(value, where, fields, unsupportedOfTasks)
  return defined({
    id: `job ${idOf(job.id, where)}`,
    ...readEnd(job, where, context),
    // `amount` is the older name.
    deliver: numbersOf(job.delivery ?? job.amount, `${where}.delivery`),
    pickUp: numbersOf(job.pickup, `${where}.pickup`),
    ...readWish(job, where),
  })
}

interface ReadShipment {
  readonly shipment: Shipment
  readonly pickup: number
  readonly delivery: number
}

function readShipment(value: unknown, where: string, context: Context): ReadShipment {
  const fields = objectOf(value, where, ['pickup', 'delivery', 'amount', 'skills', 'priority'])
  const [from, to] = (['pickup', 'delivery'] as const).map((name) =>
    objectOf(fields[name], `${where}.${name}`, taskFields, unsupportedOfTasks),
  )
  const [pickup, delivery] = [idOf(from!.id, `${where}.pickup`), idOf(to!.id, `${where}.delivery`)]
  const shipment = defined({
    id: pickup === delivery ? `shipment ${pickup}` : `shipment ${pickup}-${delivery}`,
    pickup: readEnd(from!, `${where}.pickup`, context),
    delivery: readEnd(to!, `${where}.delivery`, context),
    amount: numbersOf(fields.amount, `${where}.amount`),
    ...readWish(fields, where),
  })
  return { shipment, pickup, delivery }
}

function readWish(value: Readonly<Record<string, unknown>>, where: string) {
  return {
    skills: numbersOf(value.skills, `${where}.skills`)?.map(String),
    priority: numberOf(value.priority, `${where}.priority`),
  }
}

const vehicleFields = [
  ...[
    'id',
    'description',
    'profile',
    'type',
    'start',
    'start_index',
    'end',
    'end_index',
    'capacity',
    'costs',
    'skills',
  ],
  ...['time_window', 'breaks', 'speed_factor', 'max_tasks', 'max_travel_time', 'max_distance', 'steps'],
]

function readVehicle(
  value: unknown,
  where: string,
  context: Context & {
    readonly profileOf: (vehicle: Readonly<Record<string, unknown>>, where: string) => string | undefined
  },
): Vehicle {
  const vehicle = objectOf(value, where, vehicleFields)
  const start = placeOf(vehicle.start, vehicle.start_index, `${where}.start`, context)
  const end = placeOf(vehicle.end, vehicle.end_index, `${where}.end`, context)
  if (start === undefined && end === undefined) throw vroomInvalid(`${where} has neither start nor end`)
  const [window] = windowsOf(vehicle.time_window && [vehicle.time_window], `${where}.time_window`) ?? []
  const breaks = listOf(vehicle.breaks, `${where}.breaks`).map((item, at) => readBreak(item, `${where}.breaks[${at}]`))
  return defined({
    id: `vehicle ${idOf(vehicle.id, where)}`,
    ...{ start, end, window },
    profile: context.profileOf(vehicle, where),
    capacity: numbersOf(vehicle.capacity, `${where}.capacity`),
    skills: numbersOf(vehicle.skills, `${where}.skills`)?.map(String),
    costs: readCosts(vehicle.costs, `${where}.costs`),
    ...(breaks.length === 0 ? {} : { breaks }),
    maxStops: numberOf(vehicle.max_tasks, `${where}.max_tasks`),
    maxDriving: numberOf(vehicle.max_travel_time, `${where}.max_travel_time`),
    maxDistance: numberOf(vehicle.max_distance, `${where}.max_distance`),
  })
}

/** An hour of travel costs 3600 unless something else is said. */
function readCosts(value: unknown, where: string): Vehicle['costs'] {
  if (value === undefined || value === null) return { perSecond: 1 }
  const costs = objectOf(value, where, ['fixed', 'per_hour', 'per_km'], { per_task_hour: 'handling costs nothing' })
  const perKilometre = numberOf(costs.per_km, `${where}.per_km`)
  return defined({
    fixed: numberOf(costs.fixed, `${where}.fixed`),
    perSecond: (numberOf(costs.per_hour, `${where}.per_hour`) ?? 3_600) / 3_600,
    perMetre: perKilometre === undefined ? undefined : perKilometre / 1_000,
  })
}

function readBreak(value: unknown, where: string) {
  const pause = objectOf(value, where, ['id', 'description', 'time_windows', 'service'], {
    max_load: 'a break does not ask what is on board',
  })
  const windows = windowsOf(pause.time_windows, `${where}.time_windows`) ?? []
  if (windows.length === 0) throw vroomUnsupported(`${where}.time_windows`, 'breaks are due in windows')
  const duration = numberOf(pause.service, `${where}.service`) ?? 0
  return { id: `break ${idOf(pause.id, where)}`, windows, duration }
}

function placeOf(
  location: unknown,
  index: unknown,
  where: string,
  { hasMatrices, positions }: Context,
): Place | undefined {
  const position = numbersOf(location, where)
  if (position !== undefined && position.length !== 2) throw vroomInvalid(`${where} is not two numbers`)
  if (!hasMatrices) return position && ([position[0]!, position[1]!] as const)
  const row = numberOf(index, `${where}_index`)
  if (row === undefined && position !== undefined) throw vroomInvalid(`${where}_index is missing beside matrices`)
  if (row !== undefined && position !== undefined) positions.set(row, [position[0]!, position[1]!])
  return row
}

/** VROOM wants amounts of one length everywhere. */
function checkAmounts(visits: readonly (Stop | ReadShipment)[], vehicles: readonly Vehicle[]): void {
  const amounts = visits.flatMap((visit) =>
    'shipment' in visit ? [visit.shipment.amount] : [visit.deliver, visit.pickUp],
  )
  const widths = new Set(amounts.flatMap((amount) => (amount === undefined ? [] : [amount.length])))
  if (widths.size === 0) return
  for (const { capacity = [] } of vehicles) widths.add(capacity.length)
  if (widths.size > 1) throw vroomInvalid(`amounts and capacities have the lengths ${[...widths].join(', ')}`)
}

/** A router is not asked for metres that matrices lack. */
function checkDistances(vehicles: readonly Vehicle[], matrices: ReadonlyMap<string, TravelMatrix>): void {
  for (const [at, { profile, costs, maxDistance }] of vehicles.entries()) {
    const needs = (costs?.perMetre ?? 0) > 0 ? 'costs.per_km' : maxDistance === undefined ? undefined : 'max_distance'
    if (profile !== undefined && needs !== undefined && matrices.get(profile)?.distances === undefined)
      throw vroomUnsupported(`vehicles[${at}].${needs}`, 'it needs distances beside the durations')
  }
}

function initialOf(
  list: readonly unknown[],
  vehicles: readonly Vehicle[],
  shipments: readonly ReadShipment[],
): InitialPlan | undefined {
  const pickups = new Map(shipments.map(({ shipment, pickup }) => [pickup, shipment.id]))
  const deliveries = new Map(shipments.map(({ shipment, delivery }) => [delivery, shipment.id]))
  const routes = list.flatMap((value, at): InitialPlan['routes'][number][] => {
    const { steps } = value as Readonly<Record<string, unknown>>
    if (steps === undefined || steps === null) return []
    const where = `vehicles[${at}].steps`
    const read = listOf(steps, where).map((item, index) => {
      const fields = ['type', 'id', 'description', 'service_at', 'service_after', 'service_before']
      const { type, id } = objectOf(item, `${where}[${index}]`, fields)
      if (type === 'job') return { type: 'stop', id: `job ${Number(id)}` }
      if (type === 'pickup') return { type, id: pickups.get(Number(id)) }
      if (type === 'delivery') return { type, id: deliveries.get(Number(id)) }
      return { type: String(type) }
    })
    return [{ vehicle: vehicles[at]!.id, steps: read }]
  })
  return routes.length === 0 ? undefined : { routes }
}

/** Without fields that are undefined. */
function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, content]) => content !== undefined)) as Value
}
