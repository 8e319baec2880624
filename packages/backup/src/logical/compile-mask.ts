import { createHmac } from 'node:crypto'
import type { ColumnMask, MaskFunction } from './column-mask.ts'
import type { ExportColumn } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import { keepFormat, type FormatRule } from './keep-format.ts'

/** How a column is exported: what the server is asked for, and what is done with it here. */
export interface CompiledMask {
  /** SQL that stands in place of the column, so that its values never leave the server. */
  readonly constant?: string | null | undefined
  /** For the values that come. */
  readonly mask?: MaskFunction | undefined
}

const shortestKey = 16

/** Checks that a mask fits its column, and prepares it. @throws `BACKUP_EXPORT_MASK_INVALID` */
export function compileMask(table: string, column: ExportColumn, mask: ColumnMask): CompiledMask {
  const invalid = (reason: string) => logicalErrors.BACKUP_EXPORT_MASK_INVALID({ table, column: column.name, reason })
  if (typeof mask === 'function') return { mask }
  switch (mask.kind) {
    case 'null':
      if (column.notNull) throw invalid('the column is NOT NULL')
      return { constant: null }
    case 'fixed':
      return { constant: mask.value }
    case 'hash':
    case 'keep-format': {
      const key = Buffer.from(mask.key)
      if (key.length < shortestKey) throw invalid(`its key is shorter than ${shortestKey} bytes`)
      const change = mask.kind === 'hash' ? hashFor(column, key) : formatFor(column, key)
      if (change === undefined) throw invalid(`${mask.kind} has no meaning for the type ${column.type}`)
      return { mask: (value) => (value === null ? null : change(value)) }
    }
    default:
      throw invalid('there is no such kind')
  }
}

type Change = (value: string) => string

function hashFor({ base, type }: ExportColumn, key: Uint8Array): Change | undefined {
  const hash = (value: string): Buffer => createHmac('sha256', key).update(value).digest()
  const bits = integerBits[base]
  if (bits !== undefined) return (value) => String(hash(value).readBigUInt64BE() >> BigInt(65 - bits))
  if (textTypes.has(base)) {
    const length = Math.min(64, Number(/\((\d+)\)/.exec(type)?.[1] ?? 64))
    return (value) => hash(value).toString('hex').slice(0, length)
  }
  if (base === 'bytea') return (value) => String.raw`\x${hash(value).toString('hex')}`
  if (base === 'uuid')
    return (value) => {
      const digest = hash(value)
      // A UUID of version 8, of one's own making (RFC 9562).
      digest[6] = (digest[6]! & 0x0f) | 0x80
      digest[8] = (digest[8]! & 0x3f) | 0x80
      return digest.toString('hex', 0, 16).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
    }
  return undefined
}

function formatFor(column: ExportColumn, key: Uint8Array): Change | undefined {
  const rule = formatRule(column)
  return rule && ((value) => keepFormat(value, key, rule))
}

function formatRule({ base, type }: ExportColumn): FormatRule | undefined {
  if (textTypes.has(base)) return { symbols: 'text' }
  if (base === 'uuid') return { symbols: 'hex' }
  const bits = integerBits[base]
  if (bits !== undefined) {
    const least = -(2n ** BigInt(bits - 1))
    return { symbols: 'number', accepts: (value) => BigInt(value) >= least && BigInt(value) < -least }
  }
  if (base !== 'numeric') return undefined
  const [, precision, scale] = /\((\d+),(-?\d+)\)/.exec(type) ?? []
  if (precision === undefined || scale === undefined) return { symbols: 'number' }
  const whole = Number(precision) - Number(scale)
  return { symbols: 'number', accepts: (value) => value.replace(/^-?0*|\..*$/g, '').length <= whole }
}

const textTypes: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext', 'name'])
const integerBits: Readonly<Record<string, number>> = { int2: 16, int4: 32, int8: 64 }
