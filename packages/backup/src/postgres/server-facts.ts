import type { PostgresConnector, SqlClient } from '../replication/connection.ts'
import { parsePostgresTime } from '../replication/postgres-time.ts'
import { parseSegmentSize } from '../wal/segment.ts'

/** What a backup notes about its server. */
export interface ServerFacts {
  /** As `server_version_num`, such as 180004. */
  readonly version: number
  readonly segmentSize: number
  /** Whether it is a standby: nothing can be written into its log. */
  readonly isStandby: boolean
  /** Whether it keeps the summaries that incremental backups need. */
  readonly summarizesWal: boolean
}

/** Asks a server. */
export async function readServerFacts(sql: SqlClient): Promise<ServerFacts> {
  const { rows } = await sql.query(
    `select current_setting('server_version_num')::int as version, current_setting('wal_segment_size') as segment,
       pg_is_in_recovery() as standby, coalesce(current_setting('summarize_wal', true), 'off') as summarize`,
  )
  const row = rows[0] ?? {}
  return {
    version: Number(row['version']),
    segmentSize: parseSegmentSize(String(row['segment'])),
    isStandby: row['standby'] === true,
    summarizesWal: row['summarize'] === 'on',
  }
}

/** Names of the databases that accept connections. */
export async function listDatabases(sql: SqlClient): Promise<string[]> {
  const { rows } = await sql.query('select datname from pg_database where datallowconn order by datname')
  return rows.map((row) => String(row['datname']))
}

/** The locales of all databases, sorted: whatever orders their texts, the C library must know these, too. */
export async function listLocales(sql: SqlClient): Promise<string[]> {
  const { rows } = await sql.query(
    'select distinct name from pg_database, unnest(array[datcollate, datctype]) name where datallowconn order by name',
  )
  return rows.map((row) => String(row['name']))
}

/** The extensions of all databases, sorted. */
export async function listExtensions(connector: PostgresConnector, databases: readonly string[]): Promise<string[]> {
  const names = new Set<string>()
  for (const database of databases) {
    await using sql = await connector.sql({ database })
    const { rows } = await sql.query('select extname from pg_extension')
    for (const row of rows) names.add(String(row['extname']))
  }
  return [...names].sort()
}

/** The server's clock, in microseconds since 2000. */
export async function serverTime(sql: SqlClient): Promise<bigint> {
  const { rows } = await sql.query("select (clock_timestamp() at time zone 'UTC')::text || '+00' as time")
  return parsePostgresTime(String(rows[0]?.['time'])) ?? 0n
}
