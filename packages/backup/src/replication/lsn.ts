import { postgresErrors } from './errors.ts'

/** A log sequence number: a byte position in the write-ahead log, from 0 to 2⁶⁴ − 1. */
export type Lsn = bigint

const pattern = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/

/**
 * Reads a log sequence number from PostgreSQL's text form, two hexadecimal halves: `'16/B374D848'`.
 *
 * @throws `BACKUP_POSTGRES_LSN_INVALID` for any other text.
 * @example
 * ```ts
 * import { parseLsn } from '@exprsn/backup'
 *
 * console.log(parseLsn('0/3000028')) // 50331688n
 * ```
 */
export function parseLsn(text: string): Lsn {
  const match = typeof text === 'string' ? pattern.exec(text) : null
  if (match === null) throw postgresErrors.BACKUP_POSTGRES_LSN_INVALID({ value: text })
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`)
}

/**
 * Writes a log sequence number as PostgreSQL does: `'16/B374D848'`.
 *
 * @example
 * ```ts
 * import { formatLsn } from '@exprsn/backup'
 *
 * console.log(formatLsn(50331688n)) // 0/3000028
 * ```
 */
export function formatLsn(lsn: Lsn): string {
  const high = (lsn >> 32n).toString(16).toUpperCase()
  const low = (lsn & 0xffff_ffffn).toString(16).toUpperCase()
  return `${high}/${low}`
}
