import type { OffsetSpan, ZoneOffsets } from '../calendar/zone-offsets.ts'
import { longestSeasonalChange, type DstPolicy } from './dst-policy.ts'
import { nextWallTime } from './next-wall-time.ts'
import type { CronFields } from './parse-cron.ts'

const day = 86_400_000

/**
 * The first slot later than an instant. The search goes through the stretches of time with one offset: within such a
 * stretch wall time and instants run alike, and only where a stretch begins the policy has a say.
 */
export function nextInstant(
  fields: CronFields,
  zone: ZoneOffsets,
  policy: DstPolicy,
  after: number,
): number | undefined {
  let reached = Math.floor(after)
  for (;;) {
    const span = zone.spanAt(reached + 1)
    const made = madeUp(fields, policy, span, reached)
    const wall = nextWallTime(fields, firstFresh(policy, span, reached) + span.offset)
    if (wall === undefined) return made
    const regular = wall - span.offset
    if (made !== undefined && made < regular) return made
    if (regular < span.end) return regular
    reached = canLeap(zone, span, regular) ? regular - 2 * day : span.end - 1
  }
}

/**
 * Whether the stretches between this one and a slot far ahead need no look. No wall time before that slot matches, under
 * any offset, unless the clocks are put back at the end of this stretch and show again what was passed already. (A stretch
 * may end a little before the change because a chunk does.)
 */
function canLeap(zone: ZoneOffsets, { end, offset }: OffsetSpan, slot: number): boolean {
  return slot - end > 3 * day && zone.spanAt(end + 2 * day).offset >= offset
}

/** The first slot after `reached` that the policy puts behind the gap in which the stretch began. */
function madeUp(fields: CronFields, policy: DstPolicy, span: OffsetSpan, reached: number): number | undefined {
  const gap = span.offset - span.previous
  if (gap <= 0 || gap > longestSeasonalChange || policy.gap === 'skip') return undefined
  if (reached >= span.start + gap || (policy.gap === 'run-after' && reached >= span.start)) return undefined
  const from = policy.gap === 'shift' ? Math.max(reached, span.start - 1) : span.start - 1
  const wall = nextWallTime(fields, from + span.previous)
  if (wall === undefined || wall >= span.start + span.offset) return undefined
  return policy.gap === 'shift' ? wall - span.previous : span.start
}

/** The instant after which the wall shows times that count: with `once`, repeated ones do not. */
function firstFresh(policy: DstPolicy, span: OffsetSpan, reached: number): number {
  const repeated = span.previous - span.offset
  if (repeated <= 0 || repeated > longestSeasonalChange || policy.overlap === 'both') return reached
  return Math.max(reached, span.start + repeated - 1)
}
