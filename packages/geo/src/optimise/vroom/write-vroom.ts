import { objectiveLevels } from '../model/objective-weights.ts'
import type { Amounts, Place, Problem, ShipmentEnd, TimeWindow, TravelMatrix, Vehicle } from '../problem/problem.ts'
import { checkProblem } from '../problem/check-problem.ts'
import { vroomIds } from './vroom-ids.ts'
import { vroomUnsupported } from './vroom-fields.ts'
import type { VroomInput, VroomTask, VroomVehicle } from './vroom-json.ts'

/** Seconds that VROOM keeps in 32 bits stand for no end. */
const noEnd = 4_294_967_295

/**
 * Writes a problem as VROOM takes it. Times and costs are rounded to whole seconds and units, as VROOM wants them. Numbers of ids are
 * given as in {@link readVroom}, others in order with the id as `description`, the same each time.
 *
 * @throws `GEO_VROOM_UNSUPPORTED` for what VROOM cannot be told, by name: hours of service, groups, reloads, prizes, `maxDuty` …;
 * `GEO_PROBLEM_INVALID`
 * @example
 * ```ts
 * import { writeVroom } from '@exprsn/geo/optimize'
 *
 * const stops = [{ id: 'bakery', place: [9.53, 47.16] as const, service: 300 }]
 * const input = writeVroom({ vehicles: [{ id: 'van', start: [9.52, 47.14] }], stops })
 * console.log(input.jobs) // [{ id: 1, description: 'bakery', location: [ 9.53, 47.16 ], service: 300 }]
 * ```
 */
export function writeVroom(problem: Problem): VroomInput {
  checkProblem(problem)
  refuse(problem)
  const { vehicles, stops = [], shipments = [] } = problem
  const ids = vroomIds(problem)
  const skills = skillNumbers(problem)
  const width = widthOf(problem)
  const wish = ({
    skills: needed,
    priority,
  }: {
    readonly skills?: readonly string[] | undefined
    readonly priority?: number | undefined
  }) => ({
    ...(needed?.length ? { skills: needed.map((skill) => skills.get(skill)!) } : {}),
    ...(priority === undefined ? {} : { priority: Math.round(priority) }),
  })
  return {
    vehicles: vehicles.map((vehicle) => vehicleOf(vehicle, { problem, ids, skills, width })),
    jobs: stops.map((stop, at) => ({
      ...taskOf(stop, ids.jobs.get(stop.id)!, { id: stop.id, form: 'job', where: `stops[${at}]` }),
      ...(stop.deliver?.length ? { delivery: amounts(stop.deliver, width, `stops[${at}].deliver`) } : {}),
      ...(stop.pickUp?.length ? { pickup: amounts(stop.pickUp, width, `stops[${at}].pickUp`) } : {}),
      ...wish(stop),
    })),
    shipments: shipments.map((shipment, at) => {
      const [pickup, delivery] = ids.shipments.get(shipment.id)!
      const name = { id: shipment.id, form: 'shipment' as const }
      return {
        pickup: taskOf(shipment.pickup, pickup, { ...name, where: `shipments[${at}].pickup` }),
        delivery: taskOf(shipment.delivery, delivery, { ...name, where: `shipments[${at}].delivery` }),
        ...(shipment.amount?.length ? { amount: amounts(shipment.amount, width, `shipments[${at}].amount`) } : {}),
        ...wish(shipment),
      }
    }),
    ...matricesOf(problem),
  }
}

/** What VROOM has no words for. */
function refuse(problem: Problem): void {
  if (problem.router !== undefined) throw vroomUnsupported('router', 'call withMatrix first')
  if (problem.speeds !== undefined) throw vroomUnsupported('speeds', 'traffic by the hour is not known there')
  if (problem.groups?.length) throw vroomUnsupported('groups', 'stops do not belong together there')
  const levels = objectiveLevels(problem).map((level) => level.map(({ minimise }) => minimise).join('+'))
  if (levels.join() !== 'unassigned,cost')
    throw vroomUnsupported('objectives', 'it minimises what is left out, then cost')
  for (const [at, { prize }] of [...(problem.stops ?? []), ...(problem.shipments ?? [])].entries())
    if (prize !== undefined) throw vroomUnsupported(`visit ${at + 1}, prize`, 'only priorities are known there')
  for (const [at, vehicle] of problem.vehicles.entries()) {
    const where = `vehicles[${at}]`
    for (const [field, reason] of Object.entries(unknownOfVehicles))
      if (vehicle[field as keyof Vehicle] !== undefined && vehicle[field as keyof Vehicle] !== false)
        throw vroomUnsupported(`${where}.${field}`, reason)
    if ((vehicle.speed ?? 1) !== 1) throw vroomUnsupported(`${where}.speed`, 'it does not hold for handling there')
    if ((vehicle.costs?.perDutySecond ?? 0) > 0)
      throw vroomUnsupported(`${where}.costs.perDutySecond`, 'waiting and handling cost nothing there')
    if (vehicle.locked?.length) throw vroomUnsupported(`${where}.locked`, 'nothing is kept first there')
    if (vehicle.start === undefined && vehicle.end === undefined)
      throw vroomUnsupported(`${where}.start`, 'a vehicle has a start or an end there')
  }
}

const unknownOfVehicles: Readonly<Partial<Record<keyof Vehicle, string>>> = {
  hours: 'rules of driving and rest are not known there',
  hoursSoFar: 'rules of driving and rest are not known there',
  maxDuty: 'duty is not limited there but by time_window',
  reload: 'a vehicle loads once there',
  backhauls: 'deliveries need not come first there',
}

function vehicleOf(
  vehicle: Vehicle,
  {
    problem,
    ids,
    skills,
    width,
  }: {
    readonly problem: Problem
    readonly ids: ReturnType<typeof vroomIds>
    readonly skills: ReadonlyMap<string, number>
    readonly width: number
  },
): VroomVehicle {
  const { id, start, end, window, capacity, breaks = [], costs = {}, maxStops, maxDriving, maxDistance } = vehicle
  const number = ids.vehicles.get(id)!
  const hasMatrices = problem.matrix !== undefined || problem.matrices !== undefined
  const { perMetre = hasDurations(problem) ? 0 : 1 } = costs
  const { perSecond = costs.perMetre === undefined && hasDurations(problem) ? 1 : 0 } = costs
  const limit = (name: string, value: number | undefined) =>
    value === undefined || value === Infinity ? {} : { [name]: Math.floor(value) }
  return {
    ...described(number, id, 'vehicle'),
    ...(hasMatrices ? { profile: vehicle.profile ?? 'car' } : {}),
    ...placed(start, 'start', 'start_index'),
    ...placed(end, 'end', 'end_index'),
    // Without a limit there is room for everything there is.
    ...(width === 0 ? {} : { capacity: capacity === undefined ? everything(problem, width) : floors(capacity, width) }),
    costs: {
      fixed: Math.round(costs.fixed ?? 0),
      per_hour: Math.round(perSecond * 3_600),
      per_km: Math.round(perMetre * 1_000),
    },
    ...(vehicle.skills?.length ? { skills: vehicle.skills.map((skill) => skills.get(skill)!) } : {}),
    ...(window === undefined ? {} : { time_window: windowOf(window, `${id}.window`) }),
    ...(breaks.length === 0
      ? {}
      : {
          breaks: breaks.map((pause) => ({
            ...described(ids.breaks.get(id)!.get(pause.id)!, pause.id, 'break'),
            time_windows: pause.windows.map((own) => windowOf(own, `${id}.breaks`)),
            service: Math.round(pause.duration),
          })),
        }),
    ...limit('max_tasks', maxStops),
    ...limit('max_travel_time', maxDriving),
    ...limit('max_distance', maxDistance),
  }
}

function taskOf(
  { place, windows = [], service, setup }: ShipmentEnd,
  number: number,
  name: { readonly id: string; readonly form: 'job' | 'shipment'; readonly where: string },
): VroomTask {
  return {
    ...described(number, name.id, name.form),
    ...placed(place, 'location', 'location_index'),
    ...(setup === undefined ? {} : { setup: Math.round(setup) }),
    ...(service === undefined ? {} : { service: Math.round(service) }),
    ...(windows.length === 0 ? {} : { time_windows: windows.map((own) => windowOf(own, `${name.where}.windows`)) }),
  }
}

/** An id that its number tells needs no description. */
function described(number: number, id: string, form: string): { readonly id: number; readonly description?: string } {
  return id === `${form} ${number}` || (form === 'shipment' && /^shipment \d+(-\d+)?$/.test(id))
    ? { id: number }
    : { id: number, description: id }
}

function placed(place: Place | undefined, position: string, row: string) {
  if (place === undefined) return {}
  return typeof place === 'number' ? { [row]: place } : { [position]: place }
}

function windowOf([opens, closes]: TimeWindow, where: string): readonly [number, number] {
  if (opens < 0) throw vroomUnsupported(where, 'times before 0 are not known there')
  return [Math.ceil(opens), closes === Infinity ? noEnd : Math.floor(closes)]
}

function amounts(values: Amounts, width: number, where: string): number[] {
  if (values.some((value) => !Number.isInteger(value))) throw vroomUnsupported(where, 'amounts are whole numbers there')
  return floors(values, width)
}

function floors(values: Amounts, width: number): number[] {
  return Array.from({ length: width }, (_, at) => {
    const value = values[at] ?? 0
    return value === Infinity ? noEnd : Math.floor(value)
  })
}

function everything({ stops = [], shipments = [] }: Problem, width: number): number[] {
  const lists = [
    ...stops.flatMap(({ deliver = [], pickUp = [] }) => [deliver, pickUp]),
    ...shipments.map(({ amount = [] }) => amount),
  ]
  return Array.from({ length: width }, (_, at) => lists.reduce((sum, values) => sum + (values[at] ?? 0), 0))
}

function widthOf({ vehicles, stops = [], shipments = [] }: Problem): number {
  const lengths = [
    ...vehicles.map(({ capacity = [] }) => capacity.length),
    ...stops.flatMap(({ deliver = [], pickUp = [] }) => [deliver.length, pickUp.length]),
    ...shipments.map(({ amount = [] }) => amount.length),
  ]
  return lengths.reduce((most, length) => Math.max(most, length), 0)
}

/** Skills that are numbers keep them. */
function skillNumbers({ vehicles, stops = [], shipments = [] }: Problem): ReadonlyMap<string, number> {
  const names = new Set([...vehicles, ...stops, ...shipments].flatMap(({ skills = [] }) => skills))
  const numbers = new Map([...names].filter((name) => /^\d{1,9}$/.test(name)).map((name) => [name, Number(name)]))
  const used = new Set(numbers.values())
  let next = 1
  for (const name of names) {
    if (numbers.has(name)) continue
    while (used.has(next)) next++
    numbers.set(name, next)
    used.add(next)
  }
  return numbers
}

function hasDurations({ matrix, matrices = {} }: Problem): boolean {
  const all = [...(matrix === undefined ? [] : [matrix]), ...Object.values(matrices)]
  return all.length === 0 || all.some(({ durations }) => durations !== undefined)
}

function matricesOf({ matrix, matrices = {} }: Problem): Pick<VroomInput, 'matrices'> {
  if (matrix !== undefined && 'car' in matrices)
    throw vroomUnsupported('matrices.car', 'it is the name of the matrix for vehicles without a profile')
  const all = Object.entries({ ...matrices, ...(matrix === undefined ? {} : { car: matrix }) })
  if (all.length === 0) return {}
  return {
    matrices: Object.fromEntries(
      all.map(([profile, table]) => [
        profile,
        {
          durations: rowsOf(table, table.durations, `matrices.${profile}.durations`),
          distances: rowsOf(table, table.distances ?? table.durations, `matrices.${profile}.distances`),
        },
      ]),
    ),
  }
}

function rowsOf({ rows, columns }: TravelMatrix, cells: ArrayLike<number> | undefined, where: string): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => {
      const value = cells?.[row * columns + column] ?? 0
      if (!Number.isFinite(value)) throw vroomUnsupported(where, 'there is a way between all places there')
      return Math.round(value)
    }),
  )
}
