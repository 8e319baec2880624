import { systemClock, type Clock } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { parseManifest, type BackupManifest } from '../manifest/parse-manifest.ts'
import { trackProgress, type OnProgress, type ProgressTracker } from '../progress/progress.ts'
import { baseBackupCommand, uploadManifestCommand, type ManifestChecksums } from '../replication/commands.ts'
import {
  firstRow,
  type PostgresConnector,
  type ReplicationConnection,
  type ResultSet,
} from '../replication/connection.ts'
import { parseLsn, type Lsn } from '../replication/lsn.ts'
import { createArchiveStream, type ArchiveTotals, type BackupTablespace } from './archive-stream.ts'
import { checkBackupOptions, invalidOption, type CommonBackupOptions } from './check-options.ts'
import { baseBackupErrors } from './errors.ts'
import { folderSink } from './folder-sink.ts'
import { putContent } from './put-content.ts'
import type { BackupSink } from './sink.ts'

/** Options of {@link receiveBaseBackup}. */
export interface ReceiveBaseBackupOptions extends CommonBackupOptions {
  /** Where the server is: from `postgresConnector`. */
  readonly connector: PostgresConnector
  /** The folder to make. Either this or `sink`. */
  readonly into?: string | undefined
  /** Another place for the files. */
  readonly sink?: BackupSink | undefined
  /** `fast` begins at once with a burst of writes on the source, `spread` waits for its next checkpoint. @default 'fast' */
  readonly checkpoint?: 'fast' | 'spread' | undefined
  /** SHA-256 halves the speed of the server. @default 'CRC32C' */
  readonly manifestChecksums?: ManifestChecksums | undefined
  /**
   * The manifest of an earlier backup: only what changed since is sent, as files that `pg_combinebackup` knows. Needs
   * PostgreSQL 17 or newer with `summarize_wal`. @default everything is sent
   */
  readonly incrementalTo?: Uint8Array | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told of the bytes that have come, and of how many there will be about. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the backup: the connection is cut and what was written is removed. */
  readonly signal?: AbortSignal | undefined
}

/** A complete base backup. It can be restored once WAL up to `endLsn` is at hand. */
export interface BaseBackup {
  readonly startLsn: Lsn
  readonly endLsn: Lsn
  readonly timeline: number
  readonly systemIdentifier: bigint
  readonly tablespaces: readonly BackupTablespace[]
  readonly files: number
  /** Bytes of all files, the manifest not counted. */
  readonly bytes: number
  readonly manifest: BackupManifest
}

/**
 * Takes a physical base backup of a running server through the replication protocol, with no PostgreSQL program.
 * The WAL written meanwhile is not part of it: receive it with `createWalReceiver`, whose slot must exist before.
 *
 * @throws `BACKUP_BASE_TARGET_NOT_EMPTY`, `BACKUP_BASE_INCOMPLETE`, `BACKUP_BASE_OPTION_INVALID`, `BACKUP_POSTGRES_*`,
 * `BACKUP_TAR_*`, `BACKUP_MANIFEST_*`, `CORE_DISK_*`, or the signal's reason. Nothing is left behind then.
 * @example
 * ```ts no-run
 * import { receiveBaseBackup } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: '/var/run/postgresql', user: 'postgres' })
 * const backup = await receiveBaseBackup({ connector, into: '/var/backups/base-1' })
 * console.log(backup.files, 'files,', backup.bytes, 'bytes')
 * ```
 */
export async function receiveBaseBackup(options: ReceiveBaseBackupOptions): Promise<BaseBackup> {
  const { connector, signal } = options
  const command = commandOf(options)
  const connection = await connector.replication({ signal })
  const onAbort = (): void => connection.destroy(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  let sink: BackupSink | undefined
  try {
    sink = await openSink(options)
    signal?.throwIfAborted()
    const backup = await receive(connection, command, sink, options)
    await sink.finish()
    return backup
  } catch (error) {
    connection.destroy(error)
    await sink?.abort()
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await connection.close()
  }
}

function commandOf(options: ReceiveBaseBackupOptions): string {
  const { checkpoint = 'fast', manifestChecksums = 'CRC32C', maxRate } = options
  if ((options.into === undefined) === (options.sink === undefined)) throw invalidOption('pass either "into" or "sink"')
  const label = checkBackupOptions(options)
  const estimateSize = options.onProgress !== undefined
  const incremental = options.incrementalTo !== undefined
  return baseBackupCommand({ label, checkpoint, manifestChecksums, estimateSize, maxRate, incremental })
}

async function openSink({ into, sink, disk = systemDisk }: ReceiveBaseBackupOptions): Promise<BackupSink> {
  return sink ?? folderSink({ into: into!, disk })
}

async function receive(
  connection: ReplicationConnection,
  command: string,
  sink: BackupSink,
  { clock = systemClock, onProgress, incrementalTo }: ReceiveBaseBackupOptions,
): Promise<BaseBackup> {
  const system = firstRow(await connection.query('IDENTIFY_SYSTEM'))
  if (incrementalTo !== undefined) await connection.copyIn(uploadManifestCommand, [incrementalTo])
  const progress = trackProgress({ phase: 'base backup', total: 0, onProgress, clock })
  const archives = createArchiveStream({ sink, onBytes: (bytes) => progress.advance(bytes) })
  const results = collectResults(progress)
  await connection.copyOut(command, {
    onResult: (set) => results.add(set),
    onData: (chunk) => archives.message(chunk),
  })
  const manifestBytes = archives.end()
  const manifest = parseManifest(manifestBytes)
  const modifiedAt = Math.floor(clock.now() / 1_000)
  await putContent(sink, { path: 'backup_manifest', mode: 0o600, modifiedAt }, manifestBytes)
  progress.finish()
  return summary(results, { manifest, totals: archives.totals(), systemIdentifier: BigInt(system['systemid'] ?? 0) })
}

/** Result sets: where the backup starts, the tablespaces, where it ends. */
function collectResults(progress: ProgressTracker) {
  const sets: ResultSet[] = []
  return {
    sets,
    add(set: ResultSet): void {
      sets.push(set)
      if (sets.length !== 2) return
      const kibibytes = set.rows.reduce((sum, row) => sum + Number(row[2] ?? 0), 0)
      progress.expect(kibibytes * 1_024)
    },
  }
}

interface Parts {
  readonly manifest: BackupManifest
  readonly totals: ArchiveTotals
  readonly systemIdentifier: bigint
}

function summary({ sets }: { sets: readonly ResultSet[] }, { manifest, totals, systemIdentifier }: Parts): BaseBackup {
  const [start, tablespaces, end] = sets
  if (start === undefined || tablespaces === undefined || end === undefined)
    throw baseBackupErrors.BACKUP_BASE_INCOMPLETE({ reason: 'it did not say where the backup ends' })
  return {
    startLsn: parseLsn(start.rows[0]?.[0] ?? ''),
    endLsn: parseLsn(end.rows[0]?.[0] ?? ''),
    timeline: Number(end.rows[0]?.[1]),
    systemIdentifier,
    tablespaces: tablespaces.rows.flatMap(([oid, location]) =>
      oid == null ? [] : [{ oid: Number(oid), location: location ?? '' }],
    ),
    ...totals,
    manifest,
  }
}
