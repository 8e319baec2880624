import { formatLsn, parseLsn, type Lsn } from '../replication/lsn.ts'
import { formatPostgresTime, parsePostgresTime, toPostgresTime } from '../replication/postgres-time.ts'
import { restoreErrors } from './errors.ts'

/**
 * Where recovery stops:
 * - `'latest'`: at the end of the WAL
 * - `'immediate'`: as soon as the base backup is consistent
 * - `time`: after the last commit at or before it, by commit time. Text keeps PostgreSQL's microseconds, a `Date` has
 *   milliseconds; text needs a zone (`2026-11-20T10:41:07.250123Z`, or what `clock_timestamp()::text` prints)
 * - `lsn`: after the record that begins there, or before it with `inclusive: false`
 * - `name`: at the point made with `pg_create_restore_point`
 * - `xid`: after the commit of that transaction
 */
export type RecoveryTarget =
  | 'latest'
  | 'immediate'
  | { readonly time: Date | string }
  | { readonly lsn: Lsn | string; readonly inclusive?: boolean | undefined }
  | { readonly name: string }
  | { readonly xid: number | bigint }

/** A target, read and checked. */
export type ParsedTarget =
  | { readonly kind: 'latest' }
  | { readonly kind: 'immediate' }
  | { readonly kind: 'time'; readonly time: bigint }
  | { readonly kind: 'lsn'; readonly lsn: Lsn; readonly inclusive: boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'xid'; readonly xid: number }

/** Reads what a user passed. @throws `BACKUP_RESTORE_TARGET_INVALID` */
export function parseTarget(target: RecoveryTarget): ParsedTarget {
  if (target === 'latest' || target === 'immediate') return { kind: target }
  if (typeof target !== 'object' || target === null) throw invalid(`"${String(target)}" is unknown`)
  if ('time' in target) return { kind: 'time', time: parseTime(target.time) }
  if ('lsn' in target) {
    const lsn = typeof target.lsn === 'bigint' ? target.lsn : parseLsn(target.lsn)
    return { kind: 'lsn', lsn, inclusive: target.inclusive ?? true }
  }
  if ('name' in target) {
    const fits = typeof target.name === 'string' && target.name !== '' && Buffer.byteLength(target.name) < 64
    if (!fits || /[\0\n\r]/.test(target.name)) throw invalid('a name has 1 to 63 bytes and no line breaks')
    return { kind: 'name', name: target.name }
  }
  if ('xid' in target) {
    // A full 64-bit transaction id is accepted; the log holds its lower half.
    const xid = Number(BigInt.asUintN(32, BigInt(target.xid)))
    if (BigInt(target.xid) < 3n || xid < 3) throw invalid(`${target.xid} is not the id of a transaction`)
    return { kind: 'xid', xid }
  }
  throw invalid('it has none of time, lsn, name and xid')
}

function parseTime(time: Date | string): bigint {
  if (time instanceof Date && !Number.isNaN(time.getTime())) return toPostgresTime(time.getTime())
  const parsed = typeof time === 'string' ? parsePostgresTime(time) : undefined
  if (parsed === undefined) throw invalid(`the time "${String(time)}" is no Date and no ISO text with a zone`)
  return parsed
}

/** For messages: `'time 2026-11-20T10:41:07.250000Z'`. */
export function describeTarget(target: ParsedTarget): string {
  switch (target.kind) {
    case 'latest':
      return 'the latest point'
    case 'immediate':
      return 'the end of the base backup'
    case 'time':
      return `Time ${formatPostgresTime(target.time)}`
    case 'lsn':
      return `Position ${formatLsn(target.lsn)}`
    case 'name':
      return `Restore point "${target.name}"`
    case 'xid':
      return `Transaction ${target.xid}`
  }
}

/** PostgreSQL's own settings for a target. */
export function targetSettings(target: ParsedTarget): Record<string, string> {
  switch (target.kind) {
    case 'latest':
      return {}
    case 'immediate':
      return { recovery_target: 'immediate' }
    case 'time':
      // While the configuration is read, PostgreSQL knows no zone abbreviations yet, not even Z.
      return { recovery_target_time: formatPostgresTime(target.time).replace('Z', '+00') }
    case 'lsn':
      return { recovery_target_lsn: formatLsn(target.lsn), recovery_target_inclusive: target.inclusive ? 'on' : 'off' }
    case 'name':
      return { recovery_target_name: target.name }
    case 'xid':
      return { recovery_target_xid: String(target.xid) }
  }
}

function invalid(reason: string) {
  return restoreErrors.BACKUP_RESTORE_TARGET_INVALID({ reason })
}
