import { formatLsn, type Lsn } from '../replication/lsn.ts'
import type { TimelineSwitch } from '../replication/timeline.ts'
import { walErrors } from './errors.ts'
import type { ScannedWal, StoredSegment } from './scan-wal.ts'
import { segmentStart } from './segment.ts'

/** One stretch of the way from a backup to a target: the WAL of a timeline up to where it was left. */
export interface TimelineStep {
  readonly timeline: number
  /** Where the next timeline begins; undefined for the last. */
  readonly leftAt?: Lsn | undefined
}

/** Which timeline a recovery follows: the newest that grew out of the backup's own, the backup's own, or one by number. */
export type TimelineTarget = 'latest' | 'current' | number

/** What {@link timelinePath} decides by. */
export interface TimelinePathOptions {
  /** Where the backup becomes consistent. */
  readonly base: { readonly timeline: number; readonly end: Lsn }
  readonly wanted: TimelineTarget
  /** The history of each timeline that is known. */
  readonly histories: ReadonlyMap<number, readonly TimelineSwitch[]>
  /** Timelines of which there is WAL. */
  readonly available: ReadonlySet<number>
}

/**
 * The timelines to follow, in order; undefined when the wanted one does not grow out of the backup. A timeline of which
 * only the history is known is not taken for the newest: nothing could be replayed from it.
 */
export function timelinePath(options: TimelinePathOptions): readonly TimelineStep[] | undefined {
  const { base, wanted, histories, available } = options
  const own: readonly TimelineStep[] = [{ timeline: base.timeline }]
  if (wanted === 'current' || wanted === base.timeline) return own
  if (wanted !== 'latest') return pathTo(wanted, options)
  const newest = [...histories.keys()].filter((timeline) => available.has(timeline)).sort((a, b) => b - a)
  for (const timeline of newest) {
    const path = pathTo(timeline, options)
    if (path !== undefined) return path
  }
  return own
}

function pathTo(timeline: number, { base, histories }: TimelinePathOptions): readonly TimelineStep[] | undefined {
  const switches = histories.get(timeline)
  const first = switches?.findIndex((each) => each.timeline === base.timeline) ?? -1
  if (switches === undefined || first === -1 || switches[first]!.leftAt < base.end) return undefined
  const steps = switches.slice(first).map(({ timeline: left, leftAt }) => ({ timeline: left, leftAt }))
  return [...steps, { timeline }]
}

/**
 * The segments to replay along a path, without a hole. The segment in which a timeline was left is taken from the next
 * one: the server begins it with a copy of what came before.
 *
 * @throws `BACKUP_WAL_GAP`
 */
export function pathSegments(scan: ScannedWal, path: readonly TimelineStep[], start: Lsn): readonly StoredSegment[] {
  const size = BigInt(scan.segmentSize ?? 1)
  const segments: StoredSegment[] = []
  let next = segmentStart(start, Number(size))
  for (const { timeline, leftAt } of path) {
    const until = leftAt === undefined ? undefined : segmentStart(leftAt, Number(size))
    const taken = stretch(scan, timeline, next, until)
    segments.push(...taken)
    next += BigInt(taken.length) * size
    const short = until === undefined ? taken.length === 0 : next < until
    if (short || (until !== undefined && taken.some(({ partial }) => partial)))
      throw gap(scan, timeline, next > start ? next : start)
  }
  return segments
}

/** What follows without a hole from `from` on, before `until`. */
function stretch({ ranges, segmentSize = 0 }: ScannedWal, timeline: number, from: Lsn, until: Lsn | undefined) {
  const found: StoredSegment[] = []
  let next = from
  for (const range of ranges.filter((each) => each.timeline === timeline)) {
    for (const segment of range.partial === undefined ? range.segments : [...range.segments, range.partial]) {
      if (segment.start !== next || (until !== undefined && next >= until)) continue
      found.push(segment)
      next += BigInt(segmentSize)
    }
  }
  return found
}

function gap({ ranges }: ScannedWal, timeline: number, from: Lsn) {
  const mine = ranges.filter((range) => range.timeline === timeline)
  const next = mine.find((range) => range.start > from)
  return walErrors.BACKUP_WAL_GAP({
    from: formatLsn(from),
    to: next === undefined ? 'the end' : formatLsn(next.start),
    reason: mine.length === 0 ? `no WAL of timeline ${timeline} is there` : 'the files are not there',
  })
}
