import { ExprsnError } from '@exprsn/core'
import { firstRow, type CopyConnection } from '../../replication/connection.ts'
import { postgresErrors } from '../../replication/errors.ts'
import { parseLsn, type Lsn } from '../../replication/lsn.ts'
import { quoteLiteral } from '../../replication/quote.ts'
import { baseBackupErrors } from '../errors.ts'

/** What has to be known of a server before its folder is read. */
export interface FolderServer {
  /** `host:port`, for messages. */
  readonly server: string
  /** As `server_version_num`, such as 180004. */
  readonly version: number
  readonly systemIdentifier: bigint
  readonly hasChecksums: boolean
  readonly pageSize: number
  readonly pagesPerSegment: number
}

const oldestVersion = 150_000

/** Makes a connection fit for lying still while the files are read, and asks what there is to know. */
export async function describeFolderServer(connection: CopyConnection): Promise<FolderServer> {
  const row = firstRow(
    await connection.query(
      `select set_config('client_encoding', 'UTF8', false), set_config('idle_session_timeout', '0', false),
         set_config('statement_timeout', '0', false), system_identifier::text as system,
         current_setting('server_version_num') as version, current_setting('data_checksums') as checksums,
         current_setting('block_size') as page,
         (select setting from pg_catalog.pg_settings where name = 'segment_size') as segment
       from pg_catalog.pg_control_system()`,
    ),
  )
  const version = Number(row['version'])
  const { server } = connection
  if (!(version >= oldestVersion))
    throw postgresErrors.BACKUP_POSTGRES_VERSION_UNSUPPORTED({ server, version: Math.floor(version / 10_000) })
  return {
    ...{ server, version },
    systemIdentifier: BigInt(row['system'] ?? 0),
    hasChecksums: row['checksums'] === 'on',
    pageSize: Number(row['page']),
    pagesPerSegment: Number(row['segment']),
  }
}

/**
 * From here on the server writes whole pages into its log, so that what is read half-written comes back from it. It ends with
 * {@link endBackup} or with the connection. Returns where the log is needed from.
 *
 * @throws `BACKUP_BASE_NOT_ALLOWED`, `BACKUP_BASE_INCOMPLETE`
 */
export async function beginBackup(
  connection: CopyConnection,
  { label, checkpoint }: { readonly label: string; readonly checkpoint: 'fast' | 'spread' },
): Promise<Lsn> {
  const row = await ask(
    connection,
    `select pg_catalog.pg_backup_start(${quoteLiteral(label)}, ${checkpoint === 'fast'})::text as start`,
  )
  return parseLsn(row['start'] ?? '')
}

/** What a server says at the end of a backup. */
export interface EndedBackup {
  readonly end: Lsn
  readonly timeline: number
  /** Content of `backup_label`. */
  readonly label: string
  /** Content of `tablespace_map`, empty without tablespaces. */
  readonly tablespaceMap: string
}

/**
 * Ends the backup. Whether the log is archived is nothing that is waited for: it is received.
 *
 * @throws `BACKUP_BASE_INCOMPLETE`, such as when a standby was promoted meanwhile
 */
export async function endBackup(connection: CopyConnection): Promise<EndedBackup> {
  const row = await ask(
    connection,
    'select lsn::text as end, labelfile as label, spcmapfile as map from pg_catalog.pg_backup_stop(false)',
  )
  const label = row['label'] ?? ''
  const timeline = Number(/^START TIMELINE: (\d+)$/m.exec(label)?.[1])
  if (!(timeline > 0)) throw incomplete('its backup_label names no timeline')
  const standby = firstRow(
    await connection.query(
      `select min_recovery_end_timeline as timeline from pg_catalog.pg_control_recovery()
       where pg_catalog.pg_is_in_recovery()`,
    ),
  )
  // Only a standby goes on to another one while it runs.
  if (standby['timeline'] != null && Number(standby['timeline']) !== timeline)
    throw incomplete(`the standby has followed its primary from timeline ${timeline} to ${standby['timeline']}`)
  return { end: parseLsn(row['end'] ?? ''), timeline, label, tablespaceMap: row['map'] ?? '' }
}

async function ask(connection: CopyConnection, query: string): Promise<Readonly<Record<string, string | null>>> {
  try {
    return firstRow(await connection.query(query))
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    const { reason, sqlState } = error.details as { readonly reason?: string; readonly sqlState?: string }
    if (sqlState === '42501')
      throw baseBackupErrors.BACKUP_BASE_NOT_ALLOWED(
        { server: connection.server, reason: reason ?? '' },
        { cause: error },
      )
    if (sqlState === '55000') throw incomplete(reason ?? '', error)
    throw error
  }
}

function incomplete(reason: string, cause?: unknown) {
  return baseBackupErrors.BACKUP_BASE_INCOMPLETE({ reason }, { cause })
}
