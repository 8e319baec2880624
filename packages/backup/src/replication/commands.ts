import { formatLsn, type Lsn } from './lsn.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'

/** Checksums that the server can write into the backup manifest. */
export type ManifestChecksums = 'NONE' | 'CRC32C' | 'SHA224' | 'SHA256' | 'SHA384' | 'SHA512'

/** What BASE_BACKUP can be told, as far as we use it. */
export interface BaseBackupOptions {
  readonly label: string
  readonly checkpoint: 'fast' | 'spread'
  readonly manifestChecksums: ManifestChecksums
  /** Has the server go through all its files beforehand to tell how much will come. */
  readonly estimateSize: boolean
  /** Kibibytes per second, 32 to 1,048,576. */
  readonly maxRate?: number | undefined
  /** Only what changed since the backup of which the manifest was uploaded before (PostgreSQL 17 and newer). */
  readonly incremental?: boolean | undefined
}

/**
 * The base backup command of PostgreSQL 15 and newer. `WAIT false`: with a failing archiver the default would wait for
 * ever at the end, and our own receiver keeps the WAL. `WAL false`: for the same reason.
 *
 * Source: https://www.postgresql.org/docs/current/protocol-replication.html
 */
export function baseBackupCommand(wanted: BaseBackupOptions): string {
  const { label, checkpoint, manifestChecksums, estimateSize, maxRate } = wanted
  const options = [
    `LABEL ${quoteLiteral(label)}`,
    `CHECKPOINT '${checkpoint}'`,
    'WAL false',
    "MANIFEST 'yes'",
    `MANIFEST_CHECKSUMS '${manifestChecksums}'`,
    'TABLESPACE_MAP true',
    `PROGRESS ${estimateSize}`,
    'WAIT false',
  ]
  if (maxRate !== undefined) options.push(`MAX_RATE ${maxRate}`)
  if (wanted.incremental === true) options.push('INCREMENTAL')
  return `BASE_BACKUP (${options.join(', ')})`
}

/** Takes the manifest of the backup that an incremental one builds on: followed by the data. */
export const uploadManifestCommand = 'UPLOAD_MANIFEST'

/** Makes a physical slot that keeps WAL from this moment on, not from its first use. */
export function createSlotCommand(slot: string): string {
  return `CREATE_REPLICATION_SLOT ${quoteIdentifier(slot)} PHYSICAL (RESERVE_WAL)`
}

/** Where a slot stands: one row of slot_type, restart_lsn, restart_tli, all NULL when there is no such slot. */
export function readSlotCommand(slot: string): string {
  return `READ_REPLICATION_SLOT ${quoteIdentifier(slot)}`
}

/** Removes a slot; fails when it is in use. */
export function dropSlotCommand(slot: string): string {
  return `DROP_REPLICATION_SLOT ${quoteIdentifier(slot)}`
}

/** Streams WAL from a position on a timeline. */
export function startReplicationCommand(slot: string, start: Lsn, timeline: number): string {
  return `START_REPLICATION SLOT ${quoteIdentifier(slot)} PHYSICAL ${formatLsn(start)} TIMELINE ${timeline}`
}

/** Fetches the history file of a timeline: one row of filename, content. */
export function timelineHistoryCommand(timeline: number): string {
  return `TIMELINE_HISTORY ${timeline}`
}
