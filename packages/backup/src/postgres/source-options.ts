import { milliseconds, type Duration } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { pageSize } from '../base-backup/pages/page.ts'
import type { PostgresConnector } from '../replication/connection.ts'
import type { PostgresServerConnection } from '../server/index.ts'
import { postgresSourceErrors } from './errors.ts'

/** Options of {@link createPostgresSource}. */
export interface CreatePostgresSourceOptions {
  /** Where the server is: from `postgresConnector`. */
  readonly connector: PostgresConnector
  /**
   * Whether WAL is received all the time, so that every moment can be restored. Otherwise it is received while a base
   * backup is taken, which then can be restored to its own end, and the slot is removed again. @default true
   */
  readonly receiveWal?: boolean | undefined
  /** Name of the physical replication slot. @default `exprsn_` and the name of the source */
  readonly slot?: string | undefined
  /**
   * Where WAL is made durable before it is in the repository; the server is told that it is safe from then on.
   * @default `wal` in the source's cache folder, or `.exprsn/<source>/wal` in the working folder
   */
  readonly spool?: string | undefined
  /** How long WAL that fills no segment may wait before it is in the repository. @default '1m' */
  readonly archiveEvery?: Duration | undefined
  /**
   * `auto`: only what changed since the backup before, where the server can tell (PostgreSQL 17 with `summarize_wal`),
   * as long as no chain is longer than `longestChain`. `never`: every backup is full. @default 'auto'
   */
  readonly incremental?: 'auto' | 'never' | undefined
  /** Incremental backups after a full one. @default 6 */
  readonly longestChain?: number | undefined
  /**
   * Bytes per chunk of a file, a multiple of 8,192. Small ones make a second full backup smaller and the first one
   * larger: with 5 % of the pages changed at random, 81 % of chunks of 256 KiB are new, and 18 % of those of 32 KiB.
   * @default 262144
   */
  readonly chunkSize?: number | undefined
  /**
   * The folder that the server works in (`show data_directory`), where this process can read it: full backups are then read from there,
   * which spares the server most of the work. Its role needs EXECUTE on `pg_backup_start` and `pg_backup_stop`.
   * @default the server sends its files
   */
  readonly dataFolder?: string | undefined
  /** `fast` begins at once with a burst of writes on the source, `spread` waits for its next checkpoint. @default 'fast' */
  readonly checkpoint?: 'fast' | 'spread' | undefined
  /** Kibibytes per second that a base backup may take from the server, 32 to 1,048,576. @default no limit */
  readonly maxRate?: number | undefined
  /** Bytes of WAL that the slot may keep on the server before that is an alert. @default 1 GiB */
  readonly slotAlert?: number | undefined
  /**
   * Connects to a server that was started for a drill or to fetch a table. `postgresSource` brings it along.
   * @default neither is possible
   */
  readonly connectTo?: ((server: PostgresServerConnection) => PostgresConnector) | undefined
  /** How old the last good drill may be before that is an alert. @default never */
  readonly drillAlert?: Duration | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
}

/** The options with what was left out. */
export interface PostgresSourceSettings {
  readonly connector: PostgresConnector
  readonly receiveWal: boolean
  readonly slot: string | undefined
  readonly spool: string | undefined
  readonly archiveEvery: number
  readonly incremental: 'auto' | 'never'
  readonly longestChain: number
  readonly chunkSize: number
  readonly dataFolder: string | undefined
  readonly checkpoint: 'fast' | 'spread'
  readonly maxRate: number | undefined
  readonly slotAlert: number
  readonly drillAlert: number | undefined
  readonly connectTo: (server: PostgresServerConnection) => PostgresConnector
  readonly disk: Disk
}

/** Fills in and checks. @throws `BACKUP_POSTGRES_OPTION_INVALID` */
export function postgresSourceSettings(options: CreatePostgresSourceOptions): PostgresSourceSettings {
  const { slot, dataFolder, chunkSize = 262_144, longestChain = 6, maxRate, slotAlert = 2 ** 30 } = options
  if (slot !== undefined && !/^[a-z0-9_]{1,63}$/.test(slot))
    throw invalid('slot', 'it is not 1 to 63 lower-case letters, digits and underscores')
  if (!Number.isInteger(chunkSize) || chunkSize % pageSize !== 0 || chunkSize < pageSize || chunkSize > 2 ** 23)
    throw invalid('chunkSize', 'it is no multiple of 8192 from 8192 to 8388608')
  if (!Number.isInteger(longestChain) || longestChain < 0) throw invalid('longestChain', 'it is no whole number from 0')
  if (maxRate !== undefined && !(Number.isInteger(maxRate) && maxRate >= 32 && maxRate <= 1_048_576))
    throw invalid('maxRate', 'it is no whole number from 32 to 1048576')
  if (dataFolder === '') throw invalid('dataFolder', 'it is empty')
  if (!(slotAlert > 0)) throw invalid('slotAlert', 'it is no number above 0')
  return {
    connector: options.connector,
    receiveWal: options.receiveWal ?? true,
    ...{ slot, spool: options.spool, dataFolder, chunkSize, longestChain, maxRate, slotAlert },
    archiveEvery: milliseconds(options.archiveEvery ?? '1m'),
    incremental: options.incremental ?? 'auto',
    checkpoint: options.checkpoint ?? 'fast',
    drillAlert: options.drillAlert === undefined ? undefined : milliseconds(options.drillAlert),
    connectTo: options.connectTo ?? withoutDriver,
    disk: options.disk ?? systemDisk,
  }
}

function withoutDriver(): never {
  throw invalid('connectTo', 'it is needed to connect to a restored server')
}

function invalid(option: string, reason: string) {
  return postgresSourceErrors.BACKUP_POSTGRES_OPTION_INVALID({ option, reason })
}
