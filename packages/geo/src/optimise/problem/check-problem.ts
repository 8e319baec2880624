import { checkPosition } from '../../coordinates/position.ts'
import { optimiseErrors } from '../errors.ts'
import { checkObjectives } from '../model/objective-weights.ts'
import { hoursOfService } from '../schedule/hours-of-service.ts'
import { placesOf } from './travel.ts'
import type { Place, Problem, ShipmentEnd, TravelMatrix, Vehicle } from './problem.ts'

const mostTasks = 20_000

/**
 * Checks a problem as a whole.
 *
 * @throws `GEO_PROBLEM_INVALID`, `GEO_POSITION_INVALID`, naming the place
 */
export function checkProblem(problem: Problem): void {
  if (typeof problem !== 'object' || problem === null) throw invalid('problem', 'it is no object')
  const { vehicles, stops = [], shipments = [], groups = [] } = problem
  checkList(vehicles, 'vehicles')
  checkList(stops, 'stops')
  checkList(shipments, 'shipments')
  checkList(groups, 'groups')
  if (stops.length + 2 * shipments.length > mostTasks) throw invalid('stops', `there are more than ${mostTasks} visits`)
  checkIds(vehicles, 'vehicles')
  checkIds([...stops, ...shipments], 'stops and shipments')
  for (const [at, stop] of stops.entries()) {
    checkEnd(stop, `stops[${at}]`)
    checkAmounts(stop.deliver, `stops[${at}].deliver`)
    checkAmounts(stop.pickUp, `stops[${at}].pickUp`)
    checkWish(stop, `stops[${at}]`)
  }
  for (const [at, shipment] of shipments.entries()) {
    checkEnd(shipment.pickup, `shipments[${at}].pickup`)
    checkEnd(shipment.delivery, `shipments[${at}].delivery`)
    checkAmounts(shipment.amount, `shipments[${at}].amount`)
    checkWish(shipment, `shipments[${at}]`)
  }
  for (const [at, vehicle] of vehicles.entries()) checkVehicle(vehicle, `vehicles[${at}]`, problem)
  checkPlaces(problem)
  checkGroups(problem)
  checkLocks(problem)
  checkSpeeds(problem)
  checkObjectives(problem)
}

function checkVehicle(vehicle: Vehicle, where: string, { matrix, matrices }: Problem): void {
  const { window, profile, breaks = [], costs = {}, reload, hours } = vehicle
  checkAmounts(vehicle.capacity, `${where}.capacity`)
  checkSkills(vehicle.skills, `${where}.skills`)
  if (window !== undefined) checkWindow(window, `${where}.window`)
  checkNumber(vehicle.speed, `${where}.speed`, { least: 0.001 })
  for (const name of ['fixed', 'perMetre', 'perSecond', 'perDutySecond'] as const)
    checkNumber(costs[name], `${where}.costs.${name}`)
  for (const name of ['maxDuty', 'maxDriving', 'maxDistance', 'maxStops'] as const)
    checkNumber(vehicle[name], `${where}.${name}`)
  checkList(breaks, `${where}.breaks`)
  checkIds(breaks, `${where}.breaks`)
  for (const [at, { windows, duration }] of breaks.entries()) {
    checkList(windows, `${where}.breaks[${at}].windows`)
    if (windows.length === 0) throw invalid(`${where}.breaks[${at}].windows`, 'there are none')
    for (const [index, own] of windows.entries()) checkWindow(own, `${where}.breaks[${at}].windows[${index}]`)
    checkNumber(duration ?? NaN, `${where}.breaks[${at}].duration`)
  }
  if (profile !== undefined && !Object.hasOwn(matrices ?? {}, profile))
    throw invalid(`${where}.profile`, `there is no matrix "${profile}"`)
  if (profile === undefined && matrix === undefined && matrices !== undefined)
    throw invalid(`${where}.profile`, 'it is missing, and there is no matrix for vehicles without one')
  if (typeof hours === 'string' && !Object.hasOwn(hoursOfService, hours))
    throw invalid(`${where}.hours`, `there are no rules "${hours}"`)
  if (typeof hours === 'object')
    for (const name of ['driving', 'break', 'dailyDriving', 'dailyRest', 'day'] as const)
      checkNumber(hours[name], `${where}.hours.${name}`, { least: 1 })
  for (const name of ['splitBreak', 'splitRest'] as const) {
    const parts = typeof hours === 'object' ? hours[name] : undefined
    checkAmounts(parts, `${where}.hours.${name}`)
    if (parts !== undefined && parts.length !== 2) throw invalid(`${where}.hours.${name}`, 'it is not two numbers')
  }
  if (reload === undefined) return
  checkNumber(reload.duration, `${where}.reload.duration`)
  checkNumber(reload.maxTrips, `${where}.reload.maxTrips`, { least: 1 })
  if ((reload.places ?? []).length === 0 && vehicle.start === undefined)
    throw invalid(`${where}.reload.places`, 'there are none, and the vehicle has no start')
}

function checkEnd(end: ShipmentEnd, where: string): void {
  if (typeof end !== 'object' || end === null) throw invalid(where, 'it is no object')
  const { place, windows = [] } = end
  if (place === undefined) throw invalid(`${where}.place`, 'it is missing')
  checkList(windows, `${where}.windows`)
  for (const [at, window] of windows.entries()) checkWindow(window, `${where}.windows[${at}]`)
  checkNumber(end.service, `${where}.service`, { most: 1e12 })
  checkNumber(end.setup, `${where}.setup`, { most: 1e12 })
}

function checkWish(
  { skills, prize, priority }: { readonly skills?: unknown; readonly prize?: unknown; readonly priority?: unknown },
  where: string,
): void {
  checkSkills(skills, `${where}.skills`)
  checkNumber(prize, `${where}.prize`)
  checkNumber(priority, `${where}.priority`, { least: 0, most: 100 })
}

function checkPlaces(problem: Problem): void {
  const places = placesOf(problem)
  const matrices = [
    ...(problem.matrix === undefined ? [] : [['matrix', problem.matrix] as const]),
    ...Object.entries(problem.matrices ?? {}).map(([name, matrix]) => [`matrices.${name}`, matrix] as const),
  ]
  const size = matrices[0]?.[1].rows ?? 0
  for (const [where, matrix] of matrices) checkMatrix(matrix, where, size)
  const isIndexed = typeof places[0] === 'number'
  if (isIndexed && matrices.length === 0) throw invalid('matrix', 'places are numbers, but there is no matrix')
  if (!isIndexed && places.length > 0 && matrices.length > 0)
    throw invalid('matrix', 'places are positions, but rows of a matrix are numbers')
  for (const [at, place] of places.entries()) checkPlace(place, `place ${at + 1}`, { size, isIndexed })
}

function checkPlace(
  place: Place,
  where: string,
  { size, isIndexed }: { readonly size: number; readonly isIndexed: boolean },
): void {
  if (!isIndexed) {
    if (typeof place === 'number') throw invalid(where, 'some places are numbers, others positions')
    checkPosition(place, where)
  } else if (typeof place !== 'number') throw invalid(where, 'some places are numbers, others positions')
  else if (!Number.isInteger(place) || place < 0 || place >= size)
    throw invalid(where, `${String(place)} is no row of the matrix, which has ${size}`)
}

function checkMatrix(matrix: TravelMatrix, where: string, size: number): void {
  const { rows, columns, durations, distances } = matrix
  if (!Number.isInteger(rows) || rows !== columns || rows < 1)
    throw invalid(where, `it has ${rows} rows and ${columns} columns`)
  if (rows !== size) throw invalid(where, `it has ${rows} rows, another one ${size}`)
  if (durations === undefined && distances === undefined) throw invalid(where, 'it has neither durations nor distances')
  for (const [name, cells] of Object.entries({ durations, distances })) {
    if (cells === undefined) continue
    if (cells.length !== rows * columns)
      throw invalid(`${where}.${name}`, `it has ${cells.length} cells, not ${rows * columns}`)
    for (let at = 0; at < cells.length; at++)
      if (typeof cells[at] !== 'number' || cells[at]! < 0)
        throw invalid(`${where}.${name}[${at}]`, `${String(cells[at])} is no number from 0`)
  }
}

function checkGroups(problem: Problem): void {
  const known = new Set(requestIds(problem))
  for (const [at, { kind, stops }] of (problem.groups ?? []).entries()) {
    if (!['together', 'apart', 'one-of'].includes(kind)) throw invalid(`groups[${at}].kind`, `there is no "${kind}"`)
    checkList(stops, `groups[${at}].stops`)
    if (new Set(stops).size !== stops.length) throw invalid(`groups[${at}].stops`, 'a stop stands there twice')
    for (const id of stops) if (!known.has(id)) throw invalid(`groups[${at}].stops`, `there is no stop "${id}"`)
  }
}

function checkLocks(problem: Problem): void {
  const left = new Map<string, number>()
  for (const { id } of problem.stops ?? []) left.set(id, 1)
  for (const { id } of problem.shipments ?? []) left.set(id, 2)
  const owner = new Map<string, string>()
  for (const [at, { id, locked = [] }] of problem.vehicles.entries())
    for (const [index, stop] of locked.entries()) {
      const where = `vehicles[${at}].locked[${index}]`
      const uses = left.get(stop)
      if (uses === undefined) throw invalid(where, `there is no stop "${stop}"`)
      if (uses === 0) throw invalid(where, `"${stop}" is locked more often than it has visits`)
      if (owner.has(stop) && owner.get(stop) !== id) throw invalid(where, `"${stop}" is locked to two vehicles`)
      left.set(stop, uses - 1)
      owner.set(stop, id)
    }
}

function checkSpeeds({ speeds }: Problem): void {
  if (speeds === undefined) return
  const { period = 86_400, factors } = speeds
  checkNumber(period, 'speeds.period', { least: 1 })
  checkList(factors, 'speeds.factors')
  if (factors[0]?.from !== 0) throw invalid('speeds.factors', 'the first one does not begin at 0')
  for (const [at, { from, factor }] of factors.entries()) {
    checkNumber(factor ?? NaN, `speeds.factors[${at}].factor`, { least: 0.01, most: 100 })
    if (at > 0 && !(from > factors[at - 1]!.from && from < period))
      throw invalid(`speeds.factors[${at}].from`, 'it does not lie after the one before and within the period')
  }
}

function requestIds({ stops = [], shipments = [] }: Problem): string[] {
  return [...stops, ...shipments].map(({ id }) => id)
}

function checkIds(items: readonly { readonly id: string }[], where: string): void {
  const seen = new Set<string>()
  for (const [at, item] of items.entries()) {
    if (typeof item?.id !== 'string' || item.id === '') throw invalid(`${where}[${at}].id`, 'it is no text')
    if (seen.has(item.id)) throw invalid(`${where}[${at}].id`, `"${item.id}" stands there twice`)
    seen.add(item.id)
  }
}

function checkWindow(window: unknown, where: string): void {
  const [opens, closes] = Array.isArray(window) ? (window as readonly unknown[]) : []
  if (typeof opens !== 'number' || typeof closes !== 'number' || Number.isNaN(opens + closes) || opens === Infinity)
    throw invalid(where, 'it is not two numbers')
  if (opens > closes) throw invalid(where, `it closes at ${closes}, before it opens at ${opens}`)
  if (opens === -Infinity) throw invalid(where, 'it has no begin')
}

function checkAmounts(amounts: unknown, where: string): void {
  if (amounts === undefined) return
  checkList(amounts, where)
  for (const [at, amount] of (amounts as readonly unknown[]).entries()) checkNumber(amount ?? NaN, `${where}[${at}]`)
}

function checkSkills(skills: unknown, where: string): void {
  if (skills === undefined) return
  checkList(skills, where)
  if ((skills as readonly unknown[]).some((skill) => typeof skill !== 'string'))
    throw invalid(where, 'a skill is no text')
}

function checkList(list: unknown, where: string): void {
  if (!Array.isArray(list)) throw invalid(where, 'it is no list')
}

function checkNumber(
  value: unknown,
  where: string,
  { least = 0, most = Infinity }: { readonly least?: number; readonly most?: number } = {},
): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value >= least && value <= most) || (value === Infinity && most < Infinity))
    throw invalid(where, `it is no number ${most < Infinity ? `from ${least} to ${most}` : `from ${least}`}`)
}

function invalid(where: string, reason: string) {
  return optimiseErrors.GEO_PROBLEM_INVALID({ where, reason })
}
