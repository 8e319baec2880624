import type { Clock } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { trackProgress, type OnProgress } from '../progress/progress.ts'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { formatPostgresTime } from '../replication/postgres-time.ts'
import { walErrors } from '../wal/errors.ts'
import { readSegments } from '../wal/read-wal.ts'
import type { WalRecord } from '../wal/record-decoder.ts'
import { restorePointName, transactionEnd } from '../wal/record-meaning.ts'
import { scanWal, type ScannedWal, type StoredSegment } from '../wal/scan-wal.ts'
import { pathSegments, timelinePath, type TimelineStep, type TimelineTarget } from '../wal/timeline-path.ts'
import type { BaseFacts } from './base-facts.ts'
import { restoreErrors } from './errors.ts'
import { readHistories } from './histories.ts'
import { folderBase, type RecoveryBase } from './recovery-base.ts'
import { timeOfState } from './state-time.ts'
import { describeTarget, parseTarget, type ParsedTarget, type RecoveryTarget } from './recovery-target.ts'

/** Which points a base backup and its WAL can be restored to. */
export interface RecoveryWindow {
  /** Where the backup becomes consistent. */
  readonly fromLsn: Lsn
  /** End of the last whole record. */
  readonly toLsn: Lsn
  /** Time of the first commit or abort after `fromLsn`: microseconds since 2000; undefined when there is none. */
  readonly firstTime: bigint | undefined
  /** Time of the last one. A time after it cannot be shown to have passed. */
  readonly lastTime: bigint | undefined
}

/** What a recovery will use. */
export interface RecoveryPlan {
  readonly base: BaseFacts
  readonly target: ParsedTarget
  readonly segments: readonly StoredSegment[]
  readonly segmentSize: number
  /** The timelines that are followed, from the backup's own to the one where recovery stops. */
  readonly path: readonly TimelineStep[]
  readonly window: RecoveryWindow
}

/** Options of {@link planRecovery}. */
export interface PlanRecoveryOptions {
  /** A folder that `receiveBaseBackup` wrote, or another place of a base backup. */
  readonly base: string | RecoveryBase
  /** A folder that a WAL receiver of the same cluster wrote into. */
  readonly wal: string
  /** Where recovery shall stop. */
  readonly until: RecoveryTarget
  /** Which timeline is followed where a promotion or an earlier restore made several. @default 'latest' */
  readonly timeline?: TimelineTarget | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told of every segment that was read. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Checks, before anything is copied, that a point can be reached: reads all WAL from the start of the backup on, every
 * record's checksum included, and looks for the target in it.
 *
 * @throws `BACKUP_RESTORE_TOO_EARLY`, `BACKUP_RESTORE_TOO_LATE`, `BACKUP_RESTORE_NOT_FOUND` with the reachable window,
 * `BACKUP_RESTORE_TARGET_INVALID`, `BACKUP_RESTORE_OTHER_SYSTEM`, `BACKUP_RESTORE_TIMELINE`, `BACKUP_RESTORE_DAMAGED`, `BACKUP_WAL_GAP`,
 * `BACKUP_WAL_CORRUPT`, `BACKUP_MANIFEST_*`.
 * @example
 * ```ts no-run
 * import { formatLsn, planRecovery } from '@exprsn/backup'
 *
 * const { window } = await planRecovery({ base: '/var/backups/base-1', wal: '/var/backups/wal', until: 'latest' })
 * console.log('reachable up to', formatLsn(window.toLsn))
 * ```
 */
export async function planRecovery(options: PlanRecoveryOptions): Promise<RecoveryPlan> {
  const { wal, disk = systemDisk, signal, onProgress, clock } = options
  const target = parseTarget(options.until)
  const place = baseOf(options)
  const base = await place.facts({ signal })
  const { start } = base.wal
  const scan = await scanWal({ folder: wal, disk, signal })
  if (scan.systemIdentifier !== undefined && scan.systemIdentifier !== base.systemIdentifier)
    throw restoreErrors.BACKUP_RESTORE_OTHER_SYSTEM({ wal, base: place.name })

  const path = await choosePath(base, scan, options)
  const segments = pathSegments(scan, path, start)
  const segmentSize = scan.segmentSize ?? 0
  const total = segments.length * segmentSize
  const progress = trackProgress({ phase: 'check WAL', total, onProgress, clock })
  const search = searchTarget(target, base.wal.end)
  const { end } = await readSegments({
    ...{ folder: wal, segments, segmentSize, from: start, disk, signal },
    onRecord: (record) => search.see(record),
    onBytes: (bytes) => progress.advance(bytes),
  })
  progress.finish()
  const window = { fromLsn: base.wal.end, toLsn: end, ...search.times() }
  if (end < base.wal.end) throw endsTooEarly(scan, base.wal.timeline, end, base.wal.end)
  if (target.kind === 'time' && target.time < (await timeOfState({ base, folder: wal, scan, disk, signal })))
    throw restoreErrors.BACKUP_RESTORE_TOO_EARLY({ target: describeTarget(target), window: describeWindow(window) })
  assertReachable(target, search, window)
  return { base, target, segments, segmentSize, path, window }
}

/** Where the base backup of a plan lies. */
export function baseOf({ base, disk = systemDisk }: Pick<PlanRecoveryOptions, 'base' | 'disk'>): RecoveryBase {
  return typeof base === 'string' ? folderBase(base, disk) : base
}

async function choosePath(
  { wal: { timeline, end } }: BaseFacts,
  scan: ScannedWal,
  { wal, timeline: wanted = 'latest', disk = systemDisk }: PlanRecoveryOptions,
): Promise<readonly TimelineStep[]> {
  const histories = await readHistories(disk, wal, scan.histories)
  const available = new Set(scan.ranges.map((range) => range.timeline))
  const path = timelinePath({ base: { timeline, end }, wanted, histories, available })
  if (path !== undefined) return path
  throw restoreErrors.BACKUP_RESTORE_TIMELINE({
    wanted,
    base: timeline,
    known: [...new Set([timeline, ...histories.keys()])].sort((a, b) => a - b).join(', '),
  })
}

function endsTooEarly(scan: ScannedWal, timeline: number, end: Lsn, wanted: Lsn) {
  const hole = scan.gaps.find((gap) => gap.timeline === timeline && gap.to > end)
  const reason = 'the base backup needs it to be consistent'
  return walErrors.BACKUP_WAL_GAP({ from: formatLsn(end), to: formatLsn(hole?.to ?? wanted), reason })
}

interface TargetSearch {
  readonly see: (record: WalRecord) => void
  /** Whether recovery would stop at the target before, or only after the backup is consistent. */
  readonly found: () => 'too-early' | 'reached' | undefined
  readonly times: () => { firstTime: bigint | undefined; lastTime: bigint | undefined }
}

/** Looks at every record as recovery would: the first one that matches is where it stops. */
function searchTarget(target: ParsedTarget, consistentAt: Lsn): TargetSearch {
  let found: 'too-early' | 'reached' | undefined
  let firstTime: bigint | undefined
  let lastTime: bigint | undefined
  return {
    see(record) {
      const ended = transactionEnd(record)
      const consistent = record.start >= consistentAt
      if (ended !== undefined && consistent) {
        firstTime ??= ended.time
        if (lastTime === undefined || ended.time > lastTime) lastTime = ended.time
      }
      if (found === undefined && matches(target, record, ended)) found = consistent ? 'reached' : 'too-early'
    },
    found: () => found,
    times: () => ({ firstTime, lastTime }),
  }
}

function matches(target: ParsedTarget, record: WalRecord, ended: ReturnType<typeof transactionEnd>): boolean {
  switch (target.kind) {
    case 'latest':
    case 'immediate':
      return false
    case 'time':
      return ended !== undefined && ended.time > target.time
    case 'lsn':
      return record.start >= target.lsn
    case 'name':
      return restorePointName(record) === target.name
    case 'xid':
      return ended?.transactionId === target.xid
  }
}

function assertReachable(target: ParsedTarget, search: TargetSearch, window: RecoveryWindow): void {
  if (target.kind === 'latest' || target.kind === 'immediate') return
  const details = { target: describeTarget(target), window: describeWindow(window) }
  const found = search.found()
  if (found === 'reached') return
  if (found === 'too-early') throw restoreErrors.BACKUP_RESTORE_TOO_EARLY(details)
  // Everything before the end is replayed to reach it: no record needs to begin there.
  if (target.kind === 'lsn' && target.lsn === window.toLsn && !target.inclusive) return
  if (target.kind === 'time' || target.kind === 'lsn') throw restoreErrors.BACKUP_RESTORE_TOO_LATE(details)
  throw restoreErrors.BACKUP_RESTORE_NOT_FOUND(details)
}

function describeWindow({ fromLsn, toLsn, firstTime, lastTime }: RecoveryWindow): string {
  const positions = `${formatLsn(fromLsn)} to ${formatLsn(toLsn)}`
  if (firstTime === undefined || lastTime === undefined) return `${positions}, with no commit in it`
  return `${positions}, with commits from ${formatPostgresTime(firstTime)} to ${formatPostgresTime(lastTime)}`
}
