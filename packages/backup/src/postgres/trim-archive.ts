import { milliseconds } from '@exprsn/core'
import type { Lsn } from '../replication/lsn.ts'
import { toPostgresTime } from '../replication/postgres-time.ts'
import type { RetentionPolicy } from '../retention/index.ts'
import type { ArchivedSegment } from './archive/wal-archive.ts'
import type { BackupFacts } from './base/backup-facts.ts'

/**
 * Which segments nobody needs: those before the first moment that is promised, except what an older base backup needs to
 * be consistent. Without `pointInTime` everything from the oldest backup on is promised; without any backup nothing goes.
 *
 * @param now Milliseconds since 1970.
 */
export function unneededSegments(
  backups: readonly BackupFacts[],
  { pointInTime }: Pick<RetentionPolicy, 'pointInTime'>,
  now: number,
): (segment: Pick<ArchivedSegment, 'start' | 'end'>) => boolean {
  if (backups.length === 0) return () => false
  const promised = promisedBackups(backups, pointInTime === undefined ? undefined : now - milliseconds(pointInTime))
  const from = promised.map(({ startLsn }) => startLsn).reduce(smaller)
  return ({ start, end }) => end <= from && !backups.some((each) => start < each.endLsn && each.startLsn < end)
}

/** The backup from which the first promised moment is restored, and all later ones. */
function promisedBackups(backups: readonly BackupFacts[], begin: number | undefined): readonly BackupFacts[] {
  if (begin === undefined) return backups
  const time = toPostgresTime(begin)
  const before = backups.filter(({ stoppedAt }) => stoppedAt <= time)
  if (before.length === 0) return backups
  const latest = before.reduce((newest, each) => (each.stoppedAt > newest.stoppedAt ? each : newest))
  return backups.filter(({ stoppedAt }) => stoppedAt >= latest.stoppedAt)
}

function smaller(left: Lsn, right: Lsn): Lsn {
  return left < right ? left : right
}
