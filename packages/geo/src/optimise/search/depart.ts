import type { TaskTable } from '../model/model.ts'

/**
 * Seconds by which a window, a shift or a limit may be passed: sums of fractions in another order are not the same. Deadlines are
 * worked out from the end of a route without it, so that it never adds up.
 */
export const rounding = 1e-5

/** The same for what is inserted: less, so that what is worked out anew afterwards is never too late by a rounding more. */
export const leeway = rounding / 2

/** When a vehicle that arrives then leaves again after `handling` seconds; Infinity where all windows have closed. */
export function departure(tasks: TaskTable, task: number, arrival: number, handling: number): number {
  const { windowFirst, windowOpens, windowCloses } = tasks
  const last = windowFirst[task + 1]!
  let window = windowFirst[task]!
  if (window === last) return arrival + handling
  while (windowCloses[window]! + rounding < arrival) if (++window === last) return Infinity
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
