import { join } from 'node:path'
import { readFile, systemDisk, type Disk } from '@exprsn/core/disk'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { walErrors } from './errors.ts'
import { createRecordDecoder, type WalRecord } from './record-decoder.ts'
import type { ScannedWal, StoredSegment, WalRange } from './scan-wal.ts'

/** Options of {@link readWal}. */
export interface ReadWalOptions {
  readonly folder: string
  readonly scan: ScannedWal
  readonly timeline: number
  /** The start of a record, or of a segment. */
  readonly from: Lsn
  /** Reads no segment that begins at or after this position. @default to the end */
  readonly until?: Lsn | undefined
  readonly onRecord?: ((record: WalRecord) => void) | undefined
  /** Told the bytes of each segment that was read. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  readonly signal?: AbortSignal | undefined
}

/** How far whole records reach. */
export interface ReadWal {
  readonly end: Lsn
}

/**
 * Reads every record from a position on and checks its checksum. The end of the log is where PostgreSQL itself would
 * find it: at the first bytes in the last segment that are no record.
 *
 * @throws `BACKUP_WAL_GAP` when the position is not there, `BACKUP_WAL_CORRUPT` for damage before the last segment.
 */
export async function readWal(options: ReadWalOptions): Promise<ReadWal> {
  const { scan, from, until } = options
  const all = allSegments(rangeWith(scan, options.timeline, from))
  const segmentSize = scan.segmentSize!
  const segments = all.filter(
    ({ start }) => start + BigInt(segmentSize) > from && (until === undefined || start < until),
  )
  return readSegments({ ...options, segments, segmentSize, last: all.at(-1) })
}

/** Options of {@link readSegments}. */
export interface ReadSegmentsOptions extends Pick<
  ReadWalOptions,
  'folder' | 'from' | 'onRecord' | 'onBytes' | 'disk' | 'signal'
> {
  /** In order and without a hole; they may belong to several timelines. */
  readonly segments: readonly StoredSegment[]
  readonly segmentSize: number
  /** The one in which the log may end. @default the last of `segments` */
  readonly last?: StoredSegment | undefined
}

/** As {@link readWal}, for segments that were chosen already. @throws `BACKUP_WAL_CORRUPT` */
export async function readSegments(options: ReadSegmentsOptions): Promise<ReadWal> {
  const { folder, segments, segmentSize, from, onRecord, onBytes, disk = systemDisk, signal } = options
  const last = options.last ?? segments.at(-1)
  const decoder = createRecordDecoder({ start: from, segmentSize })
  for (const segment of segments) {
    signal?.throwIfAborted()
    const bytes = await readFile(disk, join(folder, segment.name), { signal })
    for (const record of decoder.segment(segment.start, bytes)) onRecord?.(record)
    onBytes?.(bytes.length)
    const stop = decoder.stopped()
    if (stop === undefined) continue
    if (segment !== last)
      throw walErrors.BACKUP_WAL_CORRUPT({ at: formatLsn(stop.at), reason: stop.reason, file: segment.name })
    break
  }
  return { end: decoder.end() }
}

/** The stretch of WAL that holds a position. @throws `BACKUP_WAL_GAP` */
function rangeWith({ ranges, segmentSize = 0 }: ScannedWal, timeline: number, lsn: Lsn): WalRange {
  const mine = ranges.filter((range) => range.timeline === timeline)
  const found = mine.find(
    ({ start, end, partial }) => start <= lsn && lsn < end + (partial === undefined ? 0n : BigInt(segmentSize)),
  )
  if (found !== undefined) return found
  const next = mine.find((range) => range.start > lsn)
  throw walErrors.BACKUP_WAL_GAP({
    from: formatLsn(lsn),
    to: next === undefined ? 'the end' : formatLsn(next.start),
    reason: mine.length === 0 ? `no WAL of timeline ${timeline} is there` : 'the files are not there',
  })
}

/** The complete segments of a range, and the partial one. */
function allSegments({ segments, partial }: WalRange): readonly StoredSegment[] {
  return partial === undefined ? segments : [...segments, partial]
}
