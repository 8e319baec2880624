import type { CopyConnection } from '../replication/connection.ts'

/**
 * What decides how a value looks as text, and what would end a long statement: the same as pg_dump sets. Row-level security
 * that would hide rows is an error instead.
 */
const settings: Readonly<Record<string, string>> = {
  client_encoding: 'UTF8',
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  extra_float_digits: '3',
  bytea_output: 'hex',
  xmloption: 'content',
  timezone: 'UTC',
  row_security: 'off',
  synchronize_seqscans: 'off',
  standard_conforming_strings: 'on',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  // PostgreSQL 17 and newer.
  transaction_timeout: '0',
}

/** Makes a connection write and read values in one way, whatever the role or database has set. */
export async function settleSession(connection: CopyConnection): Promise<void> {
  const known = `select set_config(w.name, w.value, false)
    from (values ${Object.entries(settings)
      .map(([name, value]) => `('${name}', '${value}')`)
      .join(', ')}) as w(name, value)
    where exists (select from pg_catalog.pg_settings s where s.name = w.name)`
  await connection.query(known)
  // Types are then written with their schema, and nothing of a user's schema stands in for what is built in.
  await connection.query(`select pg_catalog.set_config('search_path', '', false)`)
}
