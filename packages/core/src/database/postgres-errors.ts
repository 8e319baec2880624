import { databaseErrors } from './errors.ts'
import { reasonOf } from './reason-of.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'

/** What was being done: it decides what a broken connection means. */
export type PgPhase = 'connect' | 'read' | 'write' | 'transaction' | 'commit'

interface PgErrorFields {
  readonly code?: unknown
  readonly constraint?: unknown
  readonly table?: unknown
  readonly column?: unknown
  readonly position?: unknown
}

const constraintKinds: Readonly<Record<string, string>> = {
  '23502': 'not-null',
  '23503': 'foreign-key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
])
const broken = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', '57P01', '57P02', '57P03', '57P05'])

/**
 * Turns an error of `pg` or PostgreSQL into one of ours, by SQLSTATE (PostgreSQL manual, appendix A) or the system's
 * error name.
 */
export function mapPostgresError(error: unknown, phase: PgPhase, target: string): ExprsnError {
  if (ExprsnError.is(error)) return error
  const fields: PgErrorFields = typeof error === 'object' && error !== null ? error : {}
  const code = typeof fields.code === 'string' ? fields.code : ''
  const reason = reasonOf(error)
  const details = { reason, sqlState: code, target }
  // An invalid URL's error carries the whole URL, password included.
  if (code === 'ERR_INVALID_URL')
    return databaseErrors.CORE_DATABASE_OPTIONS({ reason: 'connection is not a valid URL' })
  if (isConnectionFault(code, reason)) return connectionError(code, phase, details, error)
  if (code.startsWith('23')) return constraintError(fields, code, details, error)
  const kind = kindOf(code, reason)
  return databaseErrors[kind]({ ...details, position: fields.position }, { cause: error })
}

/** Whether the connection can no longer be used. */
export function isConnectionLost(error: unknown): boolean {
  const lost = ['CORE_DATABASE_CONNECTION_LOST', 'CORE_DATABASE_OUTCOME_UNKNOWN', 'CORE_DATABASE_UNREACHABLE']
  return ExprsnError.is(error) && lost.includes(error.code)
}

function kindOf(code: string, reason: string) {
  if (code === '40001' || code === '40P01') return 'CORE_DATABASE_SERIALIZATION'
  if (code === '57014') return 'CORE_DATABASE_TIMEOUT'
  if (code === '55P03' || code === '53300' || reason.startsWith('timeout exceeded')) return 'CORE_DATABASE_BUSY'
  if (code === '53100') return 'CORE_DATABASE_FULL'
  if (code === '25006') return 'CORE_DATABASE_READONLY'
  if (code === '3D000') return 'CORE_DATABASE_MISSING'
  if (code === '42501' || code.startsWith('28') || reason.startsWith('SASL')) return 'CORE_DATABASE_ACCESS'
  return 'CORE_DATABASE_STATEMENT'
}

function isConnectionFault(code: string, reason: string): boolean {
  const terminated = /^(Connection terminated|Client has encountered a connection error|Client was closed)/
  return unreachable.has(code) || broken.has(code) || code.startsWith('08') || (code === '' && terminated.test(reason))
}

function connectionError(
  code: string,
  phase: PgPhase,
  details: { reason: string; sqlState: string; target: string },
  cause: unknown,
): ExprsnError {
  if (phase === 'connect' || unreachable.has(code)) return databaseErrors.CORE_DATABASE_UNREACHABLE(details, { cause })
  if (phase === 'commit' || phase === 'write') return databaseErrors.CORE_DATABASE_OUTCOME_UNKNOWN(details, { cause })
  return databaseErrors.CORE_DATABASE_CONNECTION_LOST(details, { cause })
}

function constraintError(
  fields: PgErrorFields,
  code: string,
  details: { reason: string; sqlState: string; target: string },
  cause: unknown,
): ExprsnError {
  const kind = constraintKinds[code] ?? 'other'
  const constraint = fields.constraint ?? ([fields.table, fields.column].filter(Boolean).join('.') || kind)
  const all = { ...details, kind, constraint, table: fields.table, column: fields.column }
  return kind === 'unique'
    ? databaseErrors.CORE_DATABASE_CONFLICT(all, { cause })
    : databaseErrors.CORE_DATABASE_CONSTRAINT(all, { cause })
}
