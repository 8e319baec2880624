import { describe, expect, it } from 'vitest'
import { gapsOf, rangesOf, type ScannedWal, type StoredSegment } from './scan-wal.ts'
import { segmentName } from './segment.ts'
import { pathSegments, timelinePath, type TimelineTarget } from './timeline-path.ts'

const size = 16
const at = (timeline: number, start: number, partial = false): StoredSegment => ({
  name: segmentName({ timeline, start: BigInt(start) }, size) + (partial ? '.partial' : ''),
  timeline,
  start: BigInt(start),
  partial,
})
const scanned = (...segments: StoredSegment[]): ScannedWal => {
  const sorted = segments.sort((left, right) => (left.name < right.name ? -1 : 1))
  const ranges = rangesOf(sorted, BigInt(size))
  return { segmentSize: size, systemIdentifier: 1n, ranges, gaps: gapsOf(ranges), histories: [] }
}
const left = (timeline: number, leftAt: number) => ({ timeline, leftAt: BigInt(leftAt), reason: '' })
const histories = new Map([
  [2, [left(1, 40)]],
  [3, [left(1, 40), left(2, 72)]],
  [4, [left(1, 8)]],
])
const path = (wanted: TimelineTarget, available: readonly number[] = [1, 2, 3, 4], timeline = 1, end = 20n) =>
  timelinePath({ base: { timeline, end }, wanted, histories, available: new Set(available) })
const numbers = (...found: Parameters<typeof path>) => path(...found)?.map((step) => step.timeline)

describe('timelinePath', () => {
  it('follows to the newest timeline that grew out of the backup after its end', () => {
    // Timeline 4 left before the backup was consistent.
    expect(path('latest')).toEqual([{ timeline: 1, leftAt: 40n }, { timeline: 2, leftAt: 72n }, { timeline: 3 }])
    expect(numbers('latest', [1, 2])).toEqual([1, 2])
    expect(numbers('latest', [1])).toEqual([1])
    expect(numbers('latest', [1, 2, 3], 2)).toEqual([2, 3])
    expect(numbers('latest', [1, 2, 3], 3)).toEqual([3])
    expect(numbers('latest', [1, 2, 3], 1, 41n)).toEqual([1])
  })

  it('stays where it is told to, and says when that cannot be', () => {
    expect(numbers('current')).toEqual([1])
    expect(numbers(1)).toEqual([1])
    expect(numbers(2)).toEqual([1, 2])
    expect(path(4)).toBeUndefined()
    expect(path(9)).toBeUndefined()
    expect(path(1, [1], 2)).toBeUndefined()
  })
})

describe('pathSegments', () => {
  const starts = (scan: ScannedWal, wanted: TimelineTarget, start = 20n) =>
    pathSegments(scan, path(wanted)!, start).map((segment) => `${segment.timeline}:${segment.start}`)
  const whole = [at(1, 0), at(1, 16), at(1, 32), at(1, 48), at(2, 32), at(2, 48), at(2, 64), at(3, 64), at(3, 80, true)]

  it('takes the segment of the parting from the later timeline', () => {
    expect(starts(scanned(...whole), 3)).toEqual(['1:16', '2:32', '2:48', '3:64', '3:80'])
    expect(starts(scanned(...whole), 2)).toEqual(['1:16', '2:32', '2:48', '2:64'])
    expect(starts(scanned(...whole), 'current')).toEqual(['1:16', '1:32', '1:48'])
    expect(starts(scanned(...whole), 'current', 32n)).toEqual(['1:32', '1:48'])
  })

  it('begins with the last timeline when the start lies in the segment of the parting', () => {
    expect(starts(scanned(at(2, 32), at(2, 48)), 2, 33n)).toEqual(['2:32', '2:48'])
  })

  it.each<[string, StoredSegment[], TimelineTarget, string]>([
    ['the start is missing', [at(1, 32)], 'current', 'from 0/14 to 0/20'],
    ['nothing is there', [], 'current', 'no WAL of timeline 1'],
    ['a timeline ends before it was left', [at(1, 0), at(2, 32)], 2, 'from 0/14 to'],
    ['a later timeline has not come yet', [at(1, 16)], 2, 'from 0/20 to'],
    ['a segment before the parting came in part', [at(1, 16, true), at(2, 32)], 2, 'WAL is missing'],
  ])('names the gap when %s', (_, segments, wanted, text) => {
    expect(() => starts(scanned(...segments), wanted)).toThrow(
      expect.objectContaining({ code: 'BACKUP_WAL_GAP', message: expect.stringContaining(text) }),
    )
  })

  it('ends before a hole in the last timeline', () => {
    expect(starts(scanned(at(1, 16), at(1, 32), at(1, 64)), 'current')).toEqual(['1:16', '1:32'])
  })
})
