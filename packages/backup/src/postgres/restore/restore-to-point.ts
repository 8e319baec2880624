import { dirname, resolve } from 'node:path'
import { ExprsnError, type Clock, type Logger } from '@exprsn/core'
import { removeTree, type Disk } from '@exprsn/core/disk'
import type { FileOwner } from '../../files/own-tree.ts'
import type { OnProgress } from '../../progress/progress.ts'
import type { BlobReader } from '../../repository/index.ts'
import { prepareRecovery, type PreparedRecovery } from '../../restore/prepare-recovery.ts'
import { describeTarget, parseTarget, type ParsedTarget, type RecoveryTarget } from '../../restore/recovery-target.ts'
import type { TimelineTarget } from '../../wal/timeline-path.ts'
import type { WalArchive } from '../archive/wal-archive.ts'
import { postgresSourceErrors } from '../errors.ts'
import { describeWindows, reachOf, recoverableWindows, type BackupReach, type KnownBackup } from '../windows.ts'
import { repositoryBase } from './repository-base.ts'
import { stageWal } from './stage-wal.ts'

/** Where a cluster is restored to, and which state of it. */
export interface RestoreToPointOptions {
  /** The data folder to make: it must not exist, or be empty. */
  readonly into: string
  /** @default 'latest' */
  readonly until?: RecoveryTarget | undefined
  /** Which timeline is followed where there are several. @default 'latest' */
  readonly timeline?: TimelineTarget | undefined
  /** New folders of tablespaces by their oid. @default `<into>-tablespaces/<oid>` */
  readonly tablespaces?: Readonly<Record<number, string>> | undefined
  /** Gives the files to the user that the server will run as; needs root. @default they belong to this process's user */
  readonly owner?: FileOwner | undefined
  /** Whether what is restored survives a power loss when the call returns. @default true */
  readonly durable?: boolean | undefined
  /** Told how far the restore is, in bytes. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the restore; what is written stays. */
  readonly signal?: AbortSignal | undefined
}

/** A data folder that is ready to boot, and what it was made of. */
export interface RestoredCluster extends PreparedRecovery {
  /** The base backup that was used, by the id of its snapshot. */
  readonly snapshot: string
}

/** What a restore works with. */
export interface RestoreContext {
  readonly source: string
  readonly reader: BlobReader
  /** Ascending by time. */
  readonly backups: readonly KnownBackup[]
  /** The only backup that may be used. @default the newest that the target can be reached from */
  readonly from?: string | undefined
  readonly archive: WalArchive
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
}

const tooLateForBackup: ReadonlySet<string> = new Set(['BACKUP_RESTORE_TOO_EARLY', 'BACKUP_RESTORE_NOT_FOUND'])

/**
 * Restores to a point from the newest base backup that it can be reached from. What only replaying the log can tell – a
 * transaction, a named point – is looked for from the newest backup backwards. Every record of the log is checked before
 * the base backup is written.
 */
export async function restoreToPoint(
  context: RestoreContext,
  options: RestoreToPointOptions,
): Promise<RestoredCluster> {
  const { source, backups, archive, disk, from } = context
  const target = parseTarget(options.until ?? 'latest')
  const windows = recoverableWindows(backups, archive)
  const allowed = from === undefined ? backups : backups.filter(({ snapshot }) => snapshot.id === from)
  const candidates = allowed
    .map((backup) => reachOf(backup, archive, options.timeline))
    .filter((reach) => reach !== undefined)
    .filter((reach) => mayReach(reach, target))
    .sort((left, right) => (left.backup.facts.endLsn < right.backup.facts.endLsn ? 1 : -1))
  const into = resolve(options.into)
  const staging = `${into}.wal`
  let failure: ExprsnError | undefined
  for (const reach of candidates) {
    try {
      return await restoreFrom(reach, { ...context, target }, { ...options, into }, staging)
    } catch (error) {
      if (!ExprsnError.is(error) || !tooLateForBackup.has(error.code)) throw error
      failure ??= error
    } finally {
      await removeTree(disk, staging)
    }
  }
  if (failure !== undefined) throw failure
  const details = { source, target: describeTarget(target), window: describeWindows(windows) }
  throw postgresSourceErrors.BACKUP_POSTGRES_NO_BACKUP(details)
}

/** Whether a backup can be the start for a target, as far as that can be told without reading the log. */
function mayReach({ backup: { facts }, end, lastCommit }: BackupReach, target: ParsedTarget): boolean {
  if (target.kind === 'time') return target.time >= facts.stoppedAt && target.time <= lastCommit
  if (target.kind === 'lsn') return target.lsn >= facts.endLsn && target.lsn <= end
  return true
}

async function restoreFrom(
  reach: BackupReach,
  context: RestoreContext & { readonly target: ParsedTarget },
  options: RestoreToPointOptions,
  staging: string,
): Promise<RestoredCluster> {
  const { reader, archive, disk, clock, logger, target, backups } = context
  const { signal } = options
  const chain = chainOf(reach.backup, backups)
  await disk.makeFolder(dirname(staging))
  await removeTree(disk, staging)
  await stageWal({ reader, archive, reach, target, into: staging, disk, signal })
  const prepared = await prepareRecovery({
    ...options,
    until: options.until ?? 'latest',
    timeline: reach.path.at(-1)!.timeline,
    base: repositoryBase({ reader, chain, threads: 2, clock, logger }),
    wal: staging,
    moveWal: true,
    disk,
    clock,
  })
  return { ...prepared, snapshot: reach.backup.snapshot.id }
}

/** A backup and those that it builds on. @throws `BACKUP_POSTGRES_CHAIN_BROKEN` */
export function chainOf(backup: KnownBackup, backups: readonly KnownBackup[]): KnownBackup[] {
  const chain = [backup]
  for (let { parentTree } = backup.facts; parentTree !== undefined;) {
    const parent = backups.find(({ snapshot }) => snapshot.tree === parentTree)
    if (parent === undefined || chain.includes(parent)) {
      const details = { snapshot: backup.snapshot.id.slice(0, 8), parent: `tree ${parentTree.slice(0, 8)}` }
      throw postgresSourceErrors.BACKUP_POSTGRES_CHAIN_BROKEN(details)
    }
    chain.push(parent)
    parentTree = parent.facts.parentTree
  }
  return chain
}
