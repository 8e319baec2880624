import { ExprsnError } from '@exprsn/core'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { formatPostgresTime } from '../replication/postgres-time.ts'
import type { Snapshot } from '../repository/index.ts'
import { pathSegments, timelinePath, type TimelineStep, type TimelineTarget } from '../wal/timeline-path.ts'
import { scannedArchive, type ArchivedSegment, type WalArchive } from './archive/wal-archive.ts'
import type { BackupFacts } from './base/backup-facts.ts'

/** A base backup of a source. */
export interface KnownBackup {
  readonly snapshot: Snapshot
  readonly facts: BackupFacts
}

/** A moment that recovery can reach. */
export interface RecoverablePoint {
  readonly lsn: Lsn
  /** ISO text in UTC with microseconds. */
  readonly time: string
}

/** A stretch of time of which every moment can be restored. */
export interface RecoverableWindow {
  readonly timeline: number
  readonly from: RecoverablePoint
  /** The last commit that is stored; a later time cannot be shown to have passed. */
  readonly to: RecoverablePoint
  /** The base backups in it, the oldest first. */
  readonly snapshots: readonly string[]
  /** Why it ends, unless it ends with the newest WAL: which WAL is missing. */
  readonly gap?: string | undefined
}

/** How far one base backup reaches. */
export interface BackupReach {
  readonly backup: KnownBackup
  readonly path: readonly TimelineStep[]
  /** The WAL from its start on, without a hole. */
  readonly segments: readonly ArchivedSegment[]
  readonly end: Lsn
  /** Microseconds since 2000. */
  readonly lastCommit: bigint
  readonly gap: string | undefined
}

/** Undefined when the archive lacks WAL that the backup needs to be consistent: it cannot be restored at all. */
export function reachOf(
  backup: KnownBackup,
  archive: WalArchive,
  wanted: TimelineTarget = 'latest',
): BackupReach | undefined {
  const { timeline, startLsn, endLsn, stoppedAt, systemIdentifier } = backup.facts
  if (archive.cluster?.systemIdentifier !== systemIdentifier) return undefined
  const scan = scannedArchive(archive)
  const histories = new Map([...archive.histories].map(([number, { switches }]) => [number, switches]))
  const available = new Set(scan.ranges.map((range) => range.timeline))
  const path = timelinePath({ base: { timeline, end: endLsn }, wanted, histories, available })
  if (path === undefined) return undefined
  const names = orUndefinedAtGap(() => pathSegments(scan, path, startLsn))
  // The way to the newest timeline may be broken while the backup's own timeline is whole.
  if (names === undefined)
    return wanted === 'latest' && path.length > 1 ? reachOf(backup, archive, 'current') : undefined
  const segments = names.map(({ name }) => archive.segments.get(name.slice(0, 24))!)
  const end = segments.at(-1)?.end ?? startLsn
  if (end < endLsn) return undefined
  const lastCommit = segments.reduce((latest, each) => max(latest, each.lastCommit ?? latest), stoppedAt)
  // A part of a segment may have come before the hole.
  const hole = scan.gaps.find((each) => each.timeline === path.at(-1)!.timeline && each.from <= end && end < each.to)
  const gap = hole && `WAL from ${formatLsn(end)} to ${formatLsn(hole.to)} is missing`
  return { backup, path, segments, end, lastCommit, gap }
}

function orUndefinedAtGap<Result>(find: () => Result): Result | undefined {
  try {
    return find()
  } catch (error) {
    if (!ExprsnError.is(error) || error.code !== 'BACKUP_WAL_GAP') throw error
    return undefined
  }
}

/**
 * The stretches of time that can truly be reached, the oldest first. Backups whose WAL ends at the same place belong to
 * one window: it begins with the end of the oldest of them.
 */
export function recoverableWindows(backups: readonly KnownBackup[], archive: WalArchive): RecoverableWindow[] {
  const windows = new Map<string, RecoverableWindow>()
  for (const backup of [...backups].sort((left, right) => compare(left.facts.endLsn, right.facts.endLsn))) {
    const reach = reachOf(backup, archive)
    if (reach === undefined) continue
    const { timeline } = reach.path.at(-1)!
    const key = `${timeline} ${reach.end}`
    const known = windows.get(key)
    const { facts, snapshot } = backup
    windows.set(key, {
      timeline,
      from: known?.from ?? { lsn: facts.endLsn, time: formatPostgresTime(facts.stoppedAt) },
      to: { lsn: reach.end, time: formatPostgresTime(reach.lastCommit) },
      snapshots: [...(known?.snapshots ?? []), snapshot.id],
      gap: reach.gap,
    })
  }
  return [...windows.values()]
}

/** For messages. */
export function describeWindows(windows: readonly RecoverableWindow[]): string {
  if (windows.length === 0) return 'nothing'
  return windows
    .map(({ from, to }) => `${from.time} (${formatLsn(from.lsn)}) to ${to.time} (${formatLsn(to.lsn)})`)
    .join(', and ')
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0
}
