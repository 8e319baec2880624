import type { ZoneOffsets } from '../calendar/zone-offsets.ts'
import type { SlotReason } from '../schedule.ts'
import { longestSeasonalChange, type DstPolicy } from './dst-policy.ts'
import { nextWallTime } from './next-wall-time.ts'
import type { CronFields } from './parse-cron.ts'

/** Why a cron schedule has a slot at an instant. */
export function slotReason(fields: CronFields, zone: ZoneOffsets, policy: DstPolicy, slot: number): SlotReason {
  const span = zone.spanAt(slot)
  const wall = slot + span.offset
  if (nextWallTime(fields, wall - 1) !== wall) return policy.gap === 'shift' ? 'shifted' : 'after-gap'
  const repeatedBefore = span.previous - span.offset
  if (isSeasonal(repeatedBefore) && slot < span.start + repeatedBefore) return 'second-of-overlap'
  const following = zone.spanAt(slot + longestSeasonalChange)
  const repeatedAfter = span.offset - following.offset
  const isBefore = following.start > slot && isSeasonal(repeatedAfter) && wall >= following.start + following.offset
  return isBefore ? 'first-of-overlap' : 'regular'
}

function isSeasonal(change: number): boolean {
  return change > 0 && change <= longestSeasonalChange
}
