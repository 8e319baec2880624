import { milliseconds } from '@exprsn/core'
import type { SegmentEntry } from '../files/manifest.ts'
import { rowsPerSegment } from '../segment/segment-builder.ts'
import type { RetentionOptions } from './store-options.ts'

/** Bytes of files whose lines are in memory together while they are put in order. */
const mostBytes = 20 * 2 ** 20

const day = 86_400_000

/** The segments that retention by age and by size removes now. */
export function expired(
  segments: readonly SegmentEntry[],
  { age, bytes }: RetentionOptions,
  now: number,
): SegmentEntry[] {
  const before = age === undefined ? -Infinity : now - milliseconds(age)
  const gone = segments.filter(({ maxTime }) => maxTime < before)
  if (bytes === undefined) return gone
  const left = segments.filter((each) => !gone.includes(each)).sort((first, second) => first.maxTime - second.maxTime)
  let total = left.reduce((sum, each) => sum + each.bytes, 0)
  for (const each of left) {
    if (total <= bytes) break
    total -= each.bytes
    gone.push(each)
  }
  return gone
}

/** Small segments that begin on the same day, as many as can be put in order at once; nothing where there are too few. */
export function toCompact(segments: readonly SegmentEntry[], atLeast: number): SegmentEntry[] {
  const byDay = new Map<number, SegmentEntry[]>()
  for (const segment of segments) {
    if (segment.rows > rowsPerSegment / 2) continue
    const date = Math.floor(segment.minTime / day)
    byDay.set(date, [...(byDay.get(date) ?? []), segment])
  }
  for (const small of byDay.values()) {
    small.sort((first, second) => first.rows - second.rows)
    const chosen: SegmentEntry[] = []
    let [rows, bytes] = [0, 0]
    for (const segment of small) {
      if (rows + segment.rows > rowsPerSegment || bytes + segment.bytes > mostBytes) break
      rows += segment.rows
      bytes += segment.bytes
      chosen.push(segment)
    }
    if (chosen.length >= Math.max(2, atLeast)) return chosen
  }
  return []
}
