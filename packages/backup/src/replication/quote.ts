import { postgresErrors } from './errors.ts'

/** A name for a replication command or SQL, in double quotes. */
export function quoteIdentifier(name: string): string {
  return `"${withoutNul(name).replaceAll('"', '""')}"`
}

/** A text literal: the replication grammar knows only the plain form, where a quote is doubled. */
export function quoteLiteral(text: string): string {
  return `'${withoutNul(text).replaceAll("'", "''")}'`
}

function withoutNul(text: string): string {
  if (text.includes('\0')) throw postgresErrors.BACKUP_POSTGRES_CONNECTION_INVALID({ reason: 'a name holds a NUL' })
  return text
}
