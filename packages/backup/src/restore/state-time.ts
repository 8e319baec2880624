import type { Disk } from '@exprsn/core/disk'
import type { Lsn } from '../replication/lsn.ts'
import { toPostgresTime } from '../replication/postgres-time.ts'
import { readWal } from '../wal/read-wal.ts'
import { transactionEnd } from '../wal/record-meaning.ts'
import type { ScannedWal } from '../wal/scan-wal.ts'
import { segmentStart } from '../wal/segment.ts'
import type { BaseFacts } from './base-facts.ts'

/** Options of {@link timeOfState}. */
export interface TimeOfStateOptions {
  readonly base: BaseFacts
  readonly folder: string
  readonly scan: ScannedWal
  readonly disk: Disk
  readonly signal?: AbortSignal | undefined
}

const mostSegmentsBack = 4

/**
 * The latest commit that a base backup contains from before its own WAL begins. Recovery to an earlier time would stop
 * all the same, at the first commit it meets, and give a state that holds later changes: PostgreSQL does not notice.
 *
 * The server's clock after the backup where that was noted; else found in the WAL before the backup where that is at hand; otherwise from the second in which the backup began,
 * rounded up.
 */
export async function timeOfState({ base, folder, scan, disk, signal }: TimeOfStateOptions): Promise<bigint> {
  if (base.stoppedAt !== undefined) return base.stoppedAt
  const { timeline, start } = base.wal
  const size = BigInt(scan.segmentSize!)
  const begin = segmentStart(start, scan.segmentSize!)
  for (let back = 1n; back <= mostSegmentsBack; back++) {
    const from = begin - back * size
    if (!isThere(scan, timeline, from)) break
    let latest: bigint | undefined
    const onRecord = (record: Parameters<typeof transactionEnd>[0]): void => {
      const time = record.start < start ? transactionEnd(record)?.time : undefined
      if (time !== undefined && (latest === undefined || time > latest)) latest = time
    }
    await readWal({ folder, scan, timeline, from, until: begin + 1n, disk, signal, onRecord })
    if (latest !== undefined) return latest
  }
  const label = base.manifest.files.find((file) => file.path === 'backup_label')
  return label?.modifiedAt === undefined ? 0n : toPostgresTime((label.modifiedAt + 1) * 1_000)
}

function isThere({ ranges }: ScannedWal, timeline: number, lsn: Lsn): boolean {
  return ranges.some((range) => range.timeline === timeline && range.start <= lsn && lsn < range.end)
}
