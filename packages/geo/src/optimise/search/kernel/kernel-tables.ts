import type { Model, VehicleModel } from '../../model/model.ts'
import { gaps } from '../blinks.ts'
import { exponentials } from '../chances.ts'
import { farnessOf } from '../farness-of.ts'
import type { Neighbours } from '../neighbours.ts'
import { arcTablesOf } from './arc-tables.ts'
import type { Arrangement } from './arrangement.ts'
import type { DistanceKind } from './distance-kind.ts'
import { settings, vehicleBytes, vehicleFields } from './kernel-layout.ts'

/** Addresses that are asked for from outside. */
export interface KernelAddresses {
  readonly vehicles: number
  readonly known: number
  readonly knownEnd: number
  readonly vehicleOf: number
  readonly absent: number
  readonly legsBytes: number
}

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

const page = 65_536

/** What the tables of a kernel say. */
export interface KernelProblem {
  readonly model: Model
  readonly neighbours: Neighbours
  readonly arrangement: Arrangement
  readonly kind: DistanceKind
}

/** Lays out the memory of a kernel, and fills in all that stays the same while it runs. */
export function writeTables(memory: Memory, { model, neighbours, arrangement, kind }: KernelProblem): KernelAddresses {
  const { tasks, requests, vehicles } = model
  const { count } = tasks
  const { taskOf, nodeOf, places } = arrangement
  const farness = farnessOf(model)
  let end = 256
  const tables: [number, Int32Array | Float64Array][] = []
  const room = (bytes: number): number => {
    const start = end
    end = (end + bytes + 63) & -64
    return start
  }
  const table = (values: Int32Array | Float64Array): number => {
    const start = room(values.byteLength)
    tables.push([start, values])
    return start
  }
  const perTask = (value: (task: number) => number): number =>
    table(Float64Array.from({ length: places.length }, (_, node) => (node < count ? value(taskOf[node]!) : 0)))
  const rankedBy = (key: (task: number) => number): number => table(ranksOf(Float64Array.from(taskOf, key)))
  const lanes = (vehicles.length + 3) & -4
  const perVehicle = (value: (vehicle: VehicleModel) => number): number =>
    table(Float64Array.from({ length: lanes }, (_, index) => (index < vehicles.length ? value(vehicles[index]!) : 0)))
  const distanceBytes = kind.table.BYTES_PER_ELEMENT
  const knownBytes = 16 * vehicles.length
  const legs = (longestRoute(model) + 20) & -8
  const distances = new Map(
    arcTablesOf(model).map((arcs) => [arcs, table(distancesOf(arcs, model.places, places, kind))]),
  )
  const vehicleTable = room(vehicles.length * vehicleBytes)
  const addresses = {
    ...{ nodes: count, rowBytes: distanceBytes * places.length },
    near: table(nearOf(neighbours, arrangement)),
    nearWidth: neighbours.width,
    nodeOf: table(nodeOf),
    vehicles: vehicleTable,
    vehiclesEnd: vehicleTable + vehicles.length * vehicleBytes,
    lanes,
    known: room(count * knownBytes),
    knownBytes,
    sums: table(new Float64Array(lanes).fill(Infinity)),
    capacities: perVehicle(({ capacity }) => capacity[0]!),
    amounts: perTask((task) => tasks.deliver[task]! + tasks.pickUp[task]!),
    largestFirst: rankedBy((task) => -requests.size[task]!),
    farthestFirst: rankedBy((task) => -farness[task]!),
    nearestFirst: rankedBy((task) => farness[task]!),
    absences: perTask((task) => requests.absence[task]!),
    vehicleOf: room(4 * places.length),
    ruined: room(4 * vehicles.length),
    pool: room(4 * (count + 1)),
    keys: room(8 * (count + 1)),
    sorted: room(4 * (count + 2)),
    removed: room(8 * count),
    changed: room(4 * vehicles.length),
    absent: room(4 * count),
    exponentials: table(exponentials),
    gaps: table(gaps),
    kindSeen: room(4 * vehicles.length),
    legsBytes: distanceBytes * legs,
    openVehicles: room(4 * lanes),
    openSums: room(8 * (lanes + 4)),
    openCapacities: room(8 * (lanes + 4)),
  }
  // Positions behind the end are read, whatever they hold, and copied.
  const routeBytes = (distanceBytes + 4) * legs
  const routes = room(2 * vehicles.length * routeBytes)
  const missing = Math.ceil((end - memory.buffer.byteLength) / page)
  if (missing > 0) memory.grow(missing)
  new Int32Array(memory.buffer).set(settings.map((name) => addresses[name]))
  for (const [start, values] of tables)
    new (values instanceof Int32Array ? Int32Array : Float64Array)(memory.buffer, start).set(values)
  const view = new DataView(memory.buffer)
  for (const [index, vehicle] of vehicles.entries()) {
    const address = vehicleTable + index * vehicleBytes
    view.setFloat64(address + vehicleFields.fixed, vehicle.fixed, true)
    view.setInt32(address + vehicleFields.kind, vehicle.kind, true)
    view.setInt32(address + vehicleFields.distances, distances.get(vehicle.arcs)!, true)
    view.setInt32(address + vehicleFields.route, routes + 2 * index * routeBytes, true)
    view.setInt32(address + vehicleFields.spare, routes + (2 * index + 1) * routeBytes, true)
  }
  return { ...addresses, knownEnd: addresses.known + count * knownBytes }
}

function distancesOf(
  arcs: Float64Array,
  width: number,
  places: Int32Array,
  kind: DistanceKind,
): Int32Array | Float64Array {
  const distances = new kind.table(places.length ** 2)
  for (let from = 0; from < places.length; from++)
    for (let to = 0; to < places.length; to++)
      distances[from * places.length + to] = arcs[places[from]! * width + places[to]!]!
  return distances
}

function nearOf({ width, tasks }: Neighbours, { taskOf, nodeOf }: Arrangement): Int32Array {
  const near = new Int32Array(tasks.length)
  for (let node = 0; node < taskOf.length; node++)
    for (let rank = 0; rank < width; rank++) near[node * width + rank] = nodeOf[tasks[taskOf[node]! * width + rank]!]!
  return near
}

/** Per key how many different ones are smaller. */
function ranksOf(keys: Float64Array): Int32Array {
  const rankOf = new Map([...Float64Array.from(new Set(keys)).sort()].map((key, rank) => [key, rank]))
  return Int32Array.from(keys, (key) => rankOf.get(key)!)
}

/** How many tasks fit on board at most. */
function longestRoute({ tasks, vehicles }: Model): number {
  const amounts = tasks.deliver.map((amount, task) => amount + tasks.pickUp[task]!).sort()
  // Sums in another order may differ by a rounding.
  const room = vehicles.reduce((most, { capacity }) => Math.max(most, capacity[0]!), 0) * (1 + 1e-9)
  let [sum, count] = [0, 0]
  while (count < tasks.count && (sum += amounts[count]!) <= room) count++
  return count
}
