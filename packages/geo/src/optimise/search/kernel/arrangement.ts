import type { Model } from '../../model/model.ts'
import type { State } from '../state.ts'

/** Nodes in place of tasks and places: tasks and, behind them, where vehicles start and end. */
export interface Arrangement {
  /** Per task. */
  readonly nodeOf: Int32Array
  /** Per node that is a task. */
  readonly taskOf: Int32Array
  /** Per node. */
  readonly places: Int32Array
  /** Per vehicle the nodes. */
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Tasks are numbered along the routes of a first plan: what is near each other on the ground is so in tables, and thus in the cache. */
export function arrangedBy({ tasks, vehicles }: Model, { routes, absent, absentCount }: State): Arrangement {
  const taskOf = Int32Array.from([
    ...routes.flatMap((route) => [...route.tasks.subarray(1, route.size + 1)]),
    ...absent.subarray(0, absentCount),
  ])
  const nodeOf = new Int32Array(tasks.count)
  for (const [node, task] of taskOf.entries()) nodeOf[task] = node
  const depots = [...new Set(vehicles.flatMap(({ start, end }) => [start, end]))]
  const nodeOfDepot = new Map(depots.map((place, at) => [place, tasks.count + at]))
  return {
    ...{ nodeOf, taskOf },
    places: Int32Array.from([...taskOf.map((task) => tasks.place[task]!), ...depots]),
    starts: Int32Array.from(vehicles, ({ start }) => nodeOfDepot.get(start)!),
    ends: Int32Array.from(vehicles, ({ end }) => nodeOfDepot.get(end)!),
  }
}
