import { ExprsnError } from '@exprsn/core'
import { postgresErrors } from './errors.ts'

/** Who was talked to: named in messages, so no secret is among it. */
export interface ServerName {
  /** `host:port`, or the socket's path. */
  readonly server: string
  readonly user: string
}

interface FaultDetails extends ServerName {
  readonly reason: string
  readonly sqlState?: string | undefined
  readonly [name: string]: unknown
}

type FaultMaker = (details: FaultDetails, options: { readonly cause: unknown }) => ExprsnError

/** SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const bySqlState: Readonly<Record<string, FaultMaker>> = {
  '28P01': postgresErrors.BACKUP_POSTGRES_LOGIN_REFUSED,
  '28000': postgresErrors.BACKUP_POSTGRES_NOT_ALLOWED,
  '3D000': postgresErrors.BACKUP_POSTGRES_DATABASE_UNKNOWN,
  '42501': postgresErrors.BACKUP_POSTGRES_NO_REPLICATION,
  '42704': postgresErrors.BACKUP_POSTGRES_SLOT_MISSING,
  '53300': postgresErrors.BACKUP_POSTGRES_NO_FREE_SENDER,
  '53400': postgresErrors.BACKUP_POSTGRES_NO_FREE_SLOT,
  '55006': postgresErrors.BACKUP_POSTGRES_SLOT_ACTIVE,
  '57P01': postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST,
  '57P02': postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST,
  '57P03': postgresErrors.BACKUP_POSTGRES_STARTING,
  '58P01': postgresErrors.BACKUP_POSTGRES_WAL_REMOVED,
}

const lost = /terminated|ECONNRESET|EPIPE|Client has encountered a connection error|Client was closed|not queryable/
const unreachable =
  /^(ECONNREFUSED|ENOENT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EACCES)$|timeout expired/

/** Turns whatever the client library threw into an error that says what to change. Errors that are ours already pass. */
export function postgresFault(error: unknown, name: ServerName): ExprsnError {
  if (ExprsnError.is(error)) return error
  const { code, message, severity } = describe(error)
  const fromServer = severity !== undefined
  const reason = message.replace(/\.$/, '') || code || 'no reason was given'
  return makerFor(
    code,
    message,
    fromServer,
  )({ server: name.server, user: name.user, reason, sqlState: fromServer ? code : undefined }, { cause: error })
}

function makerFor(code: string, message: string, fromServer: boolean): FaultMaker {
  if (/max_wal_senders.*currently 0|wal_level|WAL level/i.test(message)) return postgresErrors.BACKUP_POSTGRES_WAL_LEVEL
  // 15 and 18 say in other words that a slot lost what it was to keep.
  if (/can no longer access replication slot|cannot read from (physical )?replication slot/i.test(message))
    return postgresErrors.BACKUP_POSTGRES_WAL_REMOVED
  if (/locale is incompatible with operating system|could not (create locale|open collator)/.test(message))
    return postgresErrors.BACKUP_POSTGRES_LOCALE_MISSING
  // A missing library has the SQLSTATE of missing WAL.
  if (/could not (access file|load library)|extension "[^"]*" is not available|extension control file/.test(message))
    return postgresErrors.BACKUP_POSTGRES_EXTENSION_MISSING
  if (fromServer) return bySqlState[code] ?? postgresErrors.BACKUP_POSTGRES_REFUSED
  if (message.startsWith('SASL')) return postgresErrors.BACKUP_POSTGRES_LOGIN_REFUSED
  if (lost.test(code) || lost.test(message)) return postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST
  if (unreachable.test(code) || unreachable.test(message)) return postgresErrors.BACKUP_POSTGRES_UNREACHABLE
  return postgresErrors.BACKUP_POSTGRES_REFUSED
}

interface Description {
  readonly code: string
  readonly message: string
  /** Only errors that the server sent have one. */
  readonly severity: string | undefined
}

function describe(error: unknown): Description {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error), severity: undefined }
  // A host name with several addresses fails with one error per address.
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0])
  const { code, message, severity } = error as { code?: unknown; message?: unknown; severity?: unknown }
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    severity: typeof severity === 'string' ? severity : undefined,
  }
}
