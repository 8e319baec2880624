import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toPostgresTime } from '../replication/postgres-time.ts'
import type { BackupFacts } from './base/backup-facts.ts'
import { unneededSegments } from './trim-archive.ts'

const day = 86_400_000
const size = 16n
/** A backup from a position on, stopped at a time in days. */
const backupAt = (startLsn: number, days: number, length = 4): BackupFacts => ({
  ...{
    systemIdentifier: 1n,
    timeline: 1,
    serverVersion: 180_000,
    segmentSize: 16,
    extensions: [],
    locales: [],
    bytes: 0,
  },
  startLsn: BigInt(startLsn),
  endLsn: BigInt(startLsn + length),
  stoppedAt: toPostgresTime(days * day),
})
const segment = (start: number) => ({ start: BigInt(start), end: BigInt(start) + size })
const kept = (backups: readonly BackupFacts[], pointInTime: string | undefined, now: number): number[] => {
  const isUnneeded = unneededSegments(backups, { pointInTime: pointInTime as '7d' | undefined }, now * day)
  return [0, 16, 32, 48, 64, 80].filter((start) => !isUnneeded(segment(start)))
}

describe('unneededSegments', () => {
  it('keeps everything from the oldest backup on when no window is promised', () => {
    expect(kept([backupAt(34, 1), backupAt(66, 5)], undefined, 100)).toEqual([32, 48, 64, 80])
  })

  it('takes nothing away while there is no backup', () => {
    expect(kept([], '1d', 100)).toEqual([0, 16, 32, 48, 64, 80])
  })

  it('keeps the window, the backup before it, and what older backups need to be consistent', () => {
    const backups = [backupAt(2, 1), backupAt(34, 5), backupAt(66, 9)]
    expect(kept(backups, '3d', 10)).toEqual([0, 32, 48, 64, 80])
    expect(kept(backups, '1d', 10)).toEqual([0, 32, 64, 80])
    expect(kept(backups, '30d', 10)).toEqual([0, 16, 32, 48, 64, 80])
    // A backup that goes on over a segment's end needs both.
    expect(kept([backupAt(14, 1, 6), backupAt(66, 9)], '1d', 10)).toEqual([0, 16, 64, 80])
  })

  it('never takes what a promised moment needs, whatever the backups', () => {
    const history = fc.array(
      fc.record({ gap: fc.integer({ min: 1, max: 40 }), days: fc.integer({ min: 1, max: 5 }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 20 }), (steps, window) => {
        let [position, time] = [0, 0]
        const backups = steps.map(({ gap, days }) => backupAt((position += gap), (time += days)))
        const now = time + 1
        const isUnneeded = unneededSegments(backups, { pointInTime: `${window}d` }, now * day)
        const begin = toPostgresTime((now - window) * day)
        // The restore to the first moment of the window begins with the last backup before it, if there is one.
        const first = backups.findLast(({ stoppedAt }) => stoppedAt <= begin) ?? backups[0]!
        for (let start = 0; start < position + 64; start += 16) {
          const each = segment(start)
          const promised = each.end > first.startLsn
          const consistent = backups.some(({ startLsn, endLsn }) => each.start < endLsn && startLsn < each.end)
          if (promised || consistent) expect(isUnneeded(each), `segment ${start}`).toBe(false)
          else expect(isUnneeded(each), `segment ${start}`).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })
})
