import type { CopyConnection } from '../replication/connection.ts'
import { firstRow } from '../replication/connection.ts'
import { quoteLiteral } from '../replication/quote.ts'
import { quoteTable, tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import type { ExportSnapshot } from './export-files.ts'
import { reasonOf, sqlStateOf } from './sql-state.ts'

/** A table's name. */
interface TableName {
  readonly schema: string
  readonly name: string
}

/** Begins a transaction that sees one moment, keeps the tables as they are, and lets others see the same moment. */
export async function beginExport(
  connection: CopyConnection,
  tables: readonly TableName[],
  given: string | undefined,
): Promise<{
  readonly exported: string
  readonly moment: ExportSnapshot
  readonly version: string
  readonly database: string
}> {
  await begin(connection, given)
  // Before the first query, which is when the transaction's moment is chosen: what was truncated before then is seen so.
  if (tables.length > 0)
    await connection.query(
      `lock table ${tables.map((each) => `only ${quoteTable(each)}`).join(', ')} in access share mode`,
    )
  const facts = firstRow(
    await connection.query(`select pg_catalog.pg_current_snapshot() as snapshot,
      case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_lsn() end as lsn,
      pg_catalog.to_char(pg_catalog.clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time,
      pg_catalog.current_setting('server_version') as version, pg_catalog.current_database() as database`),
  )
  const exported = given ?? firstRow(await connection.query('select pg_catalog.pg_export_snapshot() as name'))['name']!
  const moment = { snapshot: facts['snapshot']!, lsn: facts['lsn']!, time: facts['time']! }
  return { exported, moment, version: facts['version']!, database: facts['database']! }
}

/** Begins a transaction that sees what another one does. */
export async function joinExport(connection: CopyConnection, exported: string): Promise<void> {
  await begin(connection, exported)
}

/**
 * Whoever waits for a lock that forbids reading stands before us in the queue, and waits for the transaction that keeps the tables, that is
 * for us: this would never end.
 */
export async function holdTable(connection: CopyConnection, table: TableName): Promise<void> {
  try {
    await connection.query(`lock table only ${quoteTable(table)} in access share mode nowait`)
  } catch (error) {
    if (sqlStateOf(error) === '55P03')
      throw logicalErrors.BACKUP_EXPORT_LOCKED({ table: tableText(table) }, { cause: error })
    throw error
  }
}

async function begin(connection: CopyConnection, snapshot: string | undefined): Promise<void> {
  await connection.query('begin isolation level repeatable read, read only')
  if (snapshot === undefined) return
  try {
    await connection.query(`set transaction snapshot ${quoteLiteral(snapshot)}`)
  } catch (error) {
    throw logicalErrors.BACKUP_EXPORT_SNAPSHOT_GONE({ snapshot, reason: reasonOf(error) }, { cause: error })
  }
}
