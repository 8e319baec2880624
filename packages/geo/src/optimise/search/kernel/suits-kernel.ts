import type { Model } from '../../model/model.ts'
import { arcTablesOf } from './arc-tables.ts'

/** Beyond so many bytes of tables the plain search takes less memory. */
const mostBytes = 2 ** 26

/** Whether stops ask for nothing but room on board, and ways cost as much in both directions. */
export function suitsKernel(model: Model): boolean {
  const { shape, dimensions, hasGroups, tasks, requests, vehicles } = model
  const tables = arcTablesOf(model)
  const bytes = 8 * tables.length * (tasks.count + 2) ** 2 + 16 * tasks.count * vehicles.length
  if (shape !== 'plain' || dimensions !== 1 || hasGroups || bytes > mostBytes) return false
  return (
    vehicles.length > 0 &&
    requests.first.every((task, request) => task === request) &&
    tables.every((arcs) => arcs.every((cost) => cost < Infinity)) &&
    requests.size.every((size) => size < Infinity) &&
    vehicles.every(
      (vehicle) =>
        vehicle.arcsInto === vehicle.arcs &&
        vehicle.capacity[0]! < Infinity &&
        vehicle.locked.length === 0 &&
        !vehicle.hasOtherCosts &&
        vehicle.allowed.every((is) => is === 1),
    )
  )
}
