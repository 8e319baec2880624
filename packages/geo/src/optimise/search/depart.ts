import type { TaskTable } from '../model/model.ts'

/** When a vehicle that arrives then leaves again after `handling` seconds; Infinity where all windows have closed. */
export function departure(tasks: TaskTable, task: number, arrival: number, handling: number): number {
  const { windowFirst, windowOpens, windowCloses } = tasks
  const last = windowFirst[task + 1]!
  let window = windowFirst[task]!
  if (window === last) return arrival + handling
  while (windowCloses[window]! < arrival) if (++window === last) return Infinity
  const opens = windowOpens[window]!
  return (opens > arrival ? opens : arrival) + handling
}

/** When a vehicle must arrive at the latest to leave by `departBy`; −Infinity where that cannot be. */
export function latestArrival(tasks: TaskTable, task: number, departBy: number, handling: number): number {
  const { windowFirst, windowOpens, windowCloses } = tasks
  const first = windowFirst[task]!
  const begin = departBy - handling
  let window = windowFirst[task + 1]!
  if (window === first) return begin
  while (--window >= first) {
    const closes = windowCloses[window]!
    const latest = closes < begin ? closes : begin
    if (latest >= windowOpens[window]!) return latest
  }
  return -Infinity
}
