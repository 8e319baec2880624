import type { Clock } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import { readDataFolder } from '../../base-backup/data-folder/read-data-folder.ts'
import { receiveBaseBackup, type BaseBackup } from '../../base-backup/receive-base-backup.ts'
import type { BackupSink } from '../../base-backup/sink.ts'
import type { OnProgress } from '../../progress/progress.ts'
import { formatLsn } from '../../replication/lsn.ts'
import type { PostgresConnector, SqlClient } from '../../replication/connection.ts'
import type { SourceSession } from '../../repository/index.ts'
import { emitMarker } from '../../restore/current-position.ts'
import { walErrors } from '../../wal/errors.ts'
import { pathSegments } from '../../wal/timeline-path.ts'
import type { WalReceiver } from '../../wal/wal-receiver.ts'
import type { Archiver } from '../archive/archiver.ts'
import { scannedArchive, type WalArchive } from '../archive/wal-archive.ts'
import { listDatabases, listExtensions, listLocales, readServerFacts, serverTime } from '../server-facts.ts'
import { treeBuilder } from '../tree-builder.ts'
import { encodeFacts, factsFile, type BackupFacts } from './backup-facts.ts'
import { received } from './received.ts'
import { repositorySink } from './repository-sink.ts'

/** Options of {@link takeBaseBackup}. */
export interface TakeBaseBackupOptions {
  readonly connector: PostgresConnector
  readonly receiver: WalReceiver
  readonly archiver: Archiver
  readonly session: SourceSession
  readonly label: string
  readonly checkpoint: 'fast' | 'spread'
  readonly maxRate: number | undefined
  readonly chunkSize: number
  /** Where the server's files can be read; otherwise it sends them. */
  readonly dataFolder: string | undefined
  readonly disk: Disk
  /** The backup to hold the changes to. */
  readonly parent: IncrementalParent | undefined
  readonly clock: Clock
  readonly onProgress: OnProgress | undefined
  readonly signal: AbortSignal | undefined
}

/** What an incremental backup builds on. */
export interface IncrementalParent {
  readonly tree: string
  readonly manifest: Uint8Array
}

/** A base backup that is stored, with the WAL that it needs. */
export interface TakenBaseBackup {
  readonly tree: string
  readonly files: number
  readonly folders: number
  readonly bytes: number
  readonly facts: BackupFacts
}

/**
 * Takes a base backup into the repository. It ends when the WAL that makes it consistent is in the repository, too, and a
 * commit after it: then every moment from its end on can be shown to have passed.
 */
export async function takeBaseBackup(options: TakeBaseBackupOptions): Promise<TakenBaseBackup> {
  const { connector, receiver, archiver, session, parent, signal, clock } = options
  await using sql = await connector.sql({ signal })
  const server = await readServerFacts(sql)
  const extensions = await listExtensions(connector, await listDatabases(sql))
  const locales = await listLocales(sql)
  const tree = treeBuilder(BigInt(Math.floor(clock.now())) * 1_000_000n)
  const sink = repositorySink({ writer: session.writer, tree, chunkSize: options.chunkSize })
  const backup = await transfer(sink, options)
  const stoppedAt = await serverTime(sql)
  const consistentAt = server.isStandby ? backup.endLsn : later(await emitMarker(sql), backup.endLsn)
  await received(receiver, consistentAt, signal)
  assertConsistent(await archiver.archive({ partial: true, signal }), backup)

  const facts: BackupFacts = {
    systemIdentifier: backup.systemIdentifier,
    timeline: backup.timeline,
    startLsn: backup.startLsn,
    endLsn: backup.endLsn,
    stoppedAt,
    serverVersion: server.version,
    segmentSize: server.segmentSize,
    parentTree: parent?.tree,
    extensions,
    locales,
    bytes: await restoredBytes(sql, backup, parent !== undefined),
  }
  const bytes = encodeFacts(facts)
  const { id } = await session.writer.save('data', bytes)
  const modifiedAt = BigInt(Math.floor(clock.now())) * 1_000_000n
  tree.file(factsFile, { size: bytes.length, content: [id], mode: 0o600, modifiedAt })
  return {
    tree: await tree.save(session.writer),
    files: sink.files() + 1,
    folders: tree.folders(),
    bytes: backup.bytes,
    facts,
  }
}

/** Which blocks have changed is known to the server alone: those it sends, wherever its files can be read. */
function transfer(sink: BackupSink, options: TakeBaseBackupOptions): Promise<BaseBackup> {
  const { connector, label, checkpoint, maxRate, dataFolder, disk, parent, clock, onProgress, signal } = options
  const common = { connector, sink, label, checkpoint, maxRate, disk, clock, onProgress, signal }
  if (dataFolder === undefined || parent !== undefined)
    return receiveBaseBackup({ ...common, incrementalTo: parent?.manifest })
  return readDataFolder({ ...common, dataFolder })
}

/** Of an incremental backup the files are smaller than what a restore makes of them: the databases' sizes tell. */
async function restoredBytes(sql: SqlClient, backup: BaseBackup, isIncremental: boolean): Promise<number> {
  if (!isIncremental) return backup.bytes
  const { rows } = await sql.query('select sum(pg_tablespace_size(oid))::text as bytes from pg_tablespace')
  return Math.max(backup.bytes, Number(rows[0]?.['bytes'] ?? 0))
}

/** Without the WAL from its start to its end a base backup is worth nothing: better to fail now than at the restore. */
function assertConsistent(archive: WalArchive, { timeline, startLsn, endLsn }: BaseBackup): void {
  const segments = pathSegments(scannedArchive(archive), [{ timeline }], startLsn)
  const last = segments.at(-1)
  const end = last === undefined ? startLsn : archive.segments.get(last.name.slice(0, 24))!.end
  if (end >= endLsn) return
  const reason = 'the base backup needs it to be consistent'
  throw walErrors.BACKUP_WAL_GAP({ from: formatLsn(end), to: formatLsn(endLsn), reason })
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
