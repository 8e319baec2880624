import type { Amounts, Problem, ShipmentEnd, TimeWindow } from '../problem/problem.ts'
import type { Travel } from '../problem/travel.ts'
import type { RequestTable, TaskTable } from './model.ts'

/** What there is to do, as numbers. */
export interface CompiledTasks {
  readonly dimensions: number
  readonly tasks: TaskTable
  readonly requests: RequestTable
  readonly wishes: readonly Wish[]
  /** When the first window of all opens, 0 at the latest: vehicles without a window begin then. */
  readonly earliest: number
}

/** What is asked for besides the visits. */
export interface Wish {
  readonly id: string
  readonly skills: readonly string[]
  readonly isRequired: boolean
  readonly prize: number
  readonly priority: number
}

interface Task extends ShipmentEnd {
  readonly request: number
  readonly deliver?: Amounts | undefined
  readonly pickUp?: Amounts | undefined
  readonly carry?: Amounts | undefined
}

/** Stops come first, then shipments, each as its pickup and its delivery. */
export function compileTasks(problem: Problem, travel: Travel): CompiledTasks {
  const { stops = [], shipments = [] } = problem
  const wishes = [...stops, ...shipments].map(({ id, skills = [], prize, priority = 0 }): Wish => ({
    ...{ id, skills, priority },
    isRequired: prize === undefined,
    prize: prize ?? 0,
  }))
  const list: Task[] = stops.map((stop, request) => ({ ...stop, request }))
  for (const [index, { pickup, delivery, amount = [] }] of shipments.entries()) {
    const request = stops.length + index
    list.push({ ...pickup, request, carry: amount }, { ...delivery, request, carry: amount.map((value) => -value) })
  }
  const dimensions = Math.max(
    0,
    ...list.map(({ deliver, pickUp, carry }) =>
      Math.max(deliver?.length ?? 0, pickUp?.length ?? 0, carry?.length ?? 0),
    ),
    ...problem.vehicles.map(({ capacity }) => capacity?.length ?? 0),
  )
  // What is locked is done even if it is late.
  const locked = new Set(problem.vehicles.flatMap((vehicle) => vehicle.locked ?? []))
  const open = list.map((task) =>
    locked.has(wishes[task.request]!.id) ? { ...task, windows: withoutEnd(task.windows) } : task,
  )
  const tasks = taskTable(open, dimensions, travel)
  const earliest = tasks.windowOpens.reduce((first, opens) => Math.min(first, opens), 0)
  return { dimensions, tasks, wishes, earliest, requests: requestTable(problem, wishes, { tasks, dimensions }) }
}

function taskTable(list: readonly Task[], dimensions: number, travel: Travel): TaskTable {
  const windows = list.map((task) => joined(task.windows ?? []))
  const first = Int32Array.from({ length: list.length + 1 }, () => 0)
  for (const [task, own] of windows.entries()) first[task + 1] = first[task]! + own.length
  const amounts = (of: (task: Task) => Amounts | undefined): Float64Array =>
    Float64Array.from(list.flatMap((task) => Array.from({ length: dimensions }, (_, at) => of(task)?.[at] ?? 0)))
  const isSome = (values: Amounts | undefined): boolean => values?.some((value) => value > 0) ?? false
  return {
    count: list.length,
    place: Int32Array.from(list, ({ place }) => travel.indexOf(place)),
    request: Int32Array.from(list, ({ request }) => request),
    service: Float64Array.from(list, ({ service = 0 }) => service),
    setup: Float64Array.from(list, ({ setup = 0 }) => setup),
    windowFirst: first,
    windowOpens: Float64Array.from(windows.flat(), ([opens]) => opens),
    windowCloses: Float64Array.from(windows.flat(), ([, closes]) => closes),
    opens: Float64Array.from(windows, (own) => own[0]?.[0] ?? -Infinity),
    closes: Float64Array.from(windows, (own) => own.at(-1)?.[1] ?? Infinity),
    deliver: amounts(({ deliver }) => deliver),
    pickUp: amounts(({ pickUp }) => pickUp),
    carry: amounts(({ carry }) => carry),
    phase: Uint8Array.from(list, ({ deliver, pickUp }) => (isSome(pickUp) ? 2 : isSome(deliver) ? 0 : 1)),
  }
}

function withoutEnd(windows: readonly TimeWindow[] = []): TimeWindow[] {
  const opens = windows.reduce((first, [from]) => Math.min(first, from), Infinity)
  return windows.length === 0 ? [] : [[opens, Infinity]]
}

/** Windows in order; those that overlap or touch are one. */
function joined(windows: readonly TimeWindow[]): TimeWindow[] {
  const list: [number, number][] = []
  for (const [opens, closes] of windows.toSorted(([a], [b]) => a - b)) {
    const last = list.at(-1)
    if (last !== undefined && opens <= last[1]) last[1] = Math.max(last[1], closes)
    else list.push([opens, closes])
  }
  return list
}

function requestTable(
  { groups = [], stops = [] }: Problem,
  wishes: readonly Wish[],
  { tasks, dimensions }: { readonly tasks: TaskTable; readonly dimensions: number },
): RequestTable {
  const indexOf = new Map(wishes.map(({ id }, index) => [id, index]))
  const members = groups.map(({ kind, stops: ids }) => ({ kind, requests: ids.map((id) => indexOf.get(id)!) }))
  const groupsOf: number[][] = wishes.map(() => [])
  for (const [at, group] of members.entries()) for (const request of group.requests) groupsOf[request]!.push(at)
  const first = Int32Array.from(wishes, (_, request) =>
    request < stops.length ? request : stops.length + 2 * (request - stops.length),
  )
  const { deliver, pickUp, carry } = tasks
  const most = Float64Array.from({ length: dimensions }, (_, at) => {
    let value = 1e-9
    for (let task = 0; task < tasks.count; task++) value = Math.max(value, amountOf(task * dimensions + at))
    return value
  })
  function amountOf(at: number): number {
    return Math.max(deliver[at]!, pickUp[at]!, carry[at]!)
  }
  return {
    count: wishes.length,
    ids: wishes.map(({ id }) => id),
    first,
    second: Int32Array.from(wishes, (_, request) => (request < stops.length ? -1 : first[request]! + 1)),
    absence: new Float64Array(wishes.length),
    isRequired: Uint8Array.from(wishes, ({ isRequired }) => Number(isRequired)),
    size: Float64Array.from(wishes, (_, request) => {
      let sum = 0
      for (let at = 0; at < dimensions; at++) sum += amountOf(first[request]! * dimensions + at) / most[at]!
      return sum
    }),
    groupsOf,
    groups: members,
  }
}
