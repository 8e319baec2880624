import { parseLsn, type Lsn } from '../replication/lsn.ts'
import { quoteLiteral } from '../replication/quote.ts'
import type { SqlClient } from '../replication/connection.ts'

/** One moment of a server, by its clock and by its log. */
export interface ServerPosition {
  /** With zone and microseconds, as PostgreSQL prints it: can be passed as `{ time }` to a restore. */
  readonly time: string
  /** Where the next record will begin: can be passed as `{ lsn, inclusive: false }` to a restore. */
  readonly lsn: Lsn
}

/**
 * The server's clock and log position in one round trip: the moment to go back to, taken before something dangerous. The
 * clock is read first: what commits in the microseconds between stands before the position and after the time.
 *
 * @example
 * ```ts no-run
 * import { currentPosition } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * await using database = await postgresConnector({ host: '/var/run/postgresql' }).sql()
 * const before = await currentPosition(database)
 * await database.query('drop table orders')
 * ```
 */
export async function currentPosition(client: SqlClient): Promise<ServerPosition> {
  const { rows } = await client.query(
    "select (clock_timestamp() at time zone 'UTC')::text || '+00' as time, pg_current_wal_insert_lsn()::text as lsn",
  )
  return { time: String(rows[0]?.['time']), lsn: parseLsn(String(rows[0]?.['lsn'])) }
}

/**
 * Writes a small commit into the log without touching any table, and returns the position after it. On a quiet source
 * this is what proves that a time has passed: wait for it with `receiver.waitFor`, then restore to any time before.
 *
 * @param note Stands in the log, for whoever reads it. @default 'exprsn'
 * @example
 * ```ts no-run
 * import { createWalReceiver, emitMarker } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: '/var/run/postgresql' })
 * await using database = await connector.sql()
 * await using receiver = createWalReceiver({ connector, slot: 'exprsn', into: '/var/backups/wal' })
 * await receiver.start()
 * await receiver.waitFor(await emitMarker(database), { timeout: '30s' })
 * ```
 */
export async function emitMarker(client: SqlClient, note = 'exprsn'): Promise<Lsn> {
  await client.query(`select pg_logical_emit_message(true, 'exprsn', ${quoteLiteral(note)})`)
  const { rows } = await client.query('select pg_current_wal_flush_lsn()::text as lsn')
  return parseLsn(String(rows[0]?.['lsn']))
}
