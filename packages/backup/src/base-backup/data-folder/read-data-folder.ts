import { systemClock, type Clock } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { crc32c } from '@exprsn/core/bytes'
import { crc32cHex } from '../../manifest/checksum.ts'
import { encodeManifest } from '../../manifest/encode-manifest.ts'
import type { BackupManifest, ManifestFile } from '../../manifest/parse-manifest.ts'
import { createPace } from '../../progress/pace.ts'
import { trackProgress, type OnProgress, type ProgressTracker } from '../../progress/progress.ts'
import type { CopyConnection, PostgresConnector } from '../../replication/connection.ts'
import { checkBackupOptions, type CommonBackupOptions } from '../check-options.ts'
import { baseBackupErrors } from '../errors.ts'
import { putContent } from '../put-content.ts'
import type { BaseBackup } from '../receive-base-backup.ts'
import type { BackupSink } from '../sink.ts'
import { beginBackup, describeFolderServer, endBackup } from './backup-session.ts'
import { checkFolder } from './check-folder.ts'
import { controlFilePath, readControlFile } from './control-file.ts'
import { createFileCopier, type FileCopier } from './file-copier.ts'
import { findTablespaces } from './find-tablespaces.ts'
import { unlessRemoved, unreadable } from './reading.ts'
import { walkCluster, type WalkClusterOptions } from './walk-cluster.ts'

/** Options of {@link readDataFolder}. */
export interface ReadDataFolderOptions extends CommonBackupOptions {
  /** Where the server is: from `postgresConnector`. Its role may execute `pg_backup_start` and `pg_backup_stop`. */
  readonly connector: PostgresConnector
  /** The folder that the server works in, as this process sees it: `show data_directory`. */
  readonly dataFolder: string
  /** Where the files go. */
  readonly sink: BackupSink
  /** `fast` begins at once with a burst of writes on the source, `spread` waits for its next checkpoint. @default 'fast' */
  readonly checkpoint?: 'fast' | 'spread' | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told of the bytes that were read, and of how many there will be about. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the backup: the server is told, and the sink removes what was written. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Takes a physical base backup of a running server by reading its files, where this process can: the server does not have to send
 * them. Everything else is as with `receiveBaseBackup`: the same files, a manifest, verified pages, and the log written meanwhile is
 * needed as well.
 *
 * @throws `BACKUP_BASE_*`, `BACKUP_POSTGRES_*`, `CORE_DISK_*`, or the signal's reason. The sink was told to give up then.
 * @example
 * ```ts no-run
 * import { folderSink, readDataFolder } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: '/var/run/postgresql', user: 'postgres' })
 * const sink = await folderSink({ into: '/var/backups/base-1' })
 * const { files } = await readDataFolder({ connector, dataFolder: '/var/lib/postgresql/18/main', sink })
 * ```
 */
export async function readDataFolder(options: ReadDataFolderOptions): Promise<BaseBackup> {
  const { connector, sink, signal } = options
  let connection: CopyConnection | undefined
  const onAbort = (): void => connection?.destroy(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const label = checkBackupOptions(options)
    connection = await connector.copying({ signal })
    const backup = await read(connection, label, options)
    await sink.finish()
    return backup
  } catch (error) {
    // Without its connection the server gives the backup up.
    connection?.destroy(error)
    await sink.abort()
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await connection?.close()
  }
}

async function read(connection: CopyConnection, label: string, options: ReadDataFolderOptions): Promise<BaseBackup> {
  const { dataFolder: folder, sink, checkpoint = 'fast', disk = systemDisk, clock = systemClock, signal } = options
  const server = await describeFolderServer(connection)
  const { catalogVersion } = await checkFolder(connection, { disk, folder, server })
  const start = await beginBackup(connection, { label, checkpoint })
  const major = Math.floor(server.version / 10_000)
  const versionFolder = `PG_${major}_${catalogVersion}`
  const tablespaces = await findTablespaces(disk, folder, versionFolder)
  const walFolders = major < 17 ? ['archive_status'] : ['archive_status', 'summaries']
  const cluster = { disk, folder, versionFolder, tablespaces, walFolders }
  const progress = await startProgress(cluster, clock, options)
  const copier = createFileCopier({
    ...{ disk, sink, start, signal, verifyPages: server.hasChecksums, pagesPerSegment: server.pagesPerSegment },
    pace: createPace(options.maxRate === undefined ? undefined : options.maxRate * 1_024, clock),
    onBytes: (bytes) => progress.advance(bytes),
  })
  const files = await copyCluster(cluster, copier, sink)
  const put = async (path: string, content: Uint8Array, facts: { mode: number; modifiedAt: number }): Promise<void> => {
    await putContent(sink, { path, ...facts }, content)
    const hex = crc32cHex(crc32c(content))
    files.push({ path, size: content.length, modifiedAt: facts.modifiedAt, checksum: { algorithm: 'CRC32C', hex } })
  }
  // The last of all files: a backup of a standby is consistent where the control file says, or later.
  const control = await readControlFile(disk, folder)
  if (control === undefined) throw unreadable(folder, `${controlFilePath} is gone`)
  await put(controlFilePath, control.bytes, control)
  const ended = await endBackup(connection)
  const now = { mode: control.mode, modifiedAt: Math.floor(clock.now() / 1_000) }
  await put('backup_label', Buffer.from(ended.label), now)
  if (ended.tablespaceMap !== '') await put('tablespace_map', Buffer.from(ended.tablespaceMap), now)
  const damaged = copier.damaged()
  if (damaged !== undefined) throw baseBackupErrors.BACKUP_BASE_PAGES_DAMAGED({ ...damaged })

  const { systemIdentifier } = server
  const manifest: BackupManifest = {
    ...(major < 17 ? { version: 1 } : { version: 2, systemIdentifier }),
    files,
    walRanges: [{ timeline: ended.timeline, start, end: ended.end }],
  }
  await putContent(sink, { path: 'backup_manifest', ...now }, encodeManifest(manifest))
  progress.finish()
  return {
    ...{ startLsn: start, endLsn: ended.end, timeline: ended.timeline, systemIdentifier, manifest },
    tablespaces: tablespaces.map(({ oid, location }) => ({ oid, location })),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  }
}

async function copyCluster(cluster: WalkClusterOptions, copier: FileCopier, sink: BackupSink): Promise<ManifestFile[]> {
  const files: ManifestFile[] = []
  for await (const { kind, path, place, mode } of walkCluster(cluster)) {
    if (kind === 'folder') sink.folder(path, mode)
    else {
      const file = await copier.copy(place, path)
      if (file !== undefined) files.push(file)
    }
  }
  return files
}

/** The size of everything is looked up only for who wants to know. */
async function startProgress(
  cluster: WalkClusterOptions,
  clock: Clock,
  { onProgress, signal }: ReadDataFolderOptions,
): Promise<ProgressTracker> {
  const progress = trackProgress({ phase: 'base backup', total: 0, onProgress, clock })
  if (onProgress === undefined) return progress
  let total = 0
  for await (const { kind, place } of walkCluster(cluster)) {
    signal?.throwIfAborted()
    if (kind === 'file') total += (await unlessRemoved(place, cluster.disk.stat(place)))?.size ?? 0
  }
  progress.expect(total)
  return progress
}
