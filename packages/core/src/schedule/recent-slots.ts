import type { Schedule } from './schedule.ts'

const firstWindow = 60_000

/**
 * The last slots of a schedule in a span of time, oldest first. The window is doubled backwards from the end until it
 * holds enough of them, so that years of downtime cost no more than the slots that are asked for.
 *
 * @param after Slots later than this …
 * @param until … up to and including this.
 */
export function recentSlots(schedule: Schedule, after: number, until: number, limit: number): number[] {
  if (until <= after) return []
  for (let window = firstWindow; ; window *= 2) {
    const from = Math.max(after, until - window)
    const slots = slotsBetween(schedule, from, until, limit)
    if (from === after || slots.length >= limit) return slots
  }
}

function slotsBetween(schedule: Schedule, after: number, until: number, limit: number): number[] {
  let slots: number[] = []
  for (let slot = schedule.next(after); slot !== undefined && slot <= until; slot = schedule.next(slot)) {
    slots.push(slot)
    if (slots.length > limit * 2) slots = slots.slice(-limit)
  }
  return slots.slice(-limit)
}
