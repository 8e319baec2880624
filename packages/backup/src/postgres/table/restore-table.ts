import { ExprsnError, milliseconds, type Duration } from '@exprsn/core'
import { trackProgress, type OnProgress } from '../../progress/progress.ts'
import type { CopyConnection, PostgresConnector, SqlClient } from '../../replication/connection.ts'
import { quoteIdentifier, quoteLiteral } from '../../replication/quote.ts'
import type { RecoveryTarget } from '../../restore/recovery-target.ts'
import { postgresSourceErrors } from '../errors.ts'
import { bootRestored, type ThrowAwayContext } from '../throw-away.ts'
import { copyRows } from './copy-table.ts'
import { describeTable, findTables, parseTableName, qualified, type TableDescription } from './describe-table.ts'

/** Options of fetching a table out of a backup. */
export interface RestoreTableOptions {
  /** `orders`, `shop.orders`, or `shop.*` for all tables of a schema. Quotes as in SQL. */
  readonly table: string
  /** The server that gets the rows: from `postgresConnector`. */
  readonly target: PostgresConnector
  /** @default 'latest' */
  readonly until?: RecoveryTarget | undefined
  /** The only snapshot that may be used. @default the newest that the target can be reached from */
  readonly from?: string | undefined
  /** The database, in the backup and on the target. @default the one that the connectors name */
  readonly database?: string | undefined
  /** The schema on the target. @default the one that the table was in */
  readonly schema?: string | undefined
  /** The name on the target; only for a single table. @default the one that it had */
  readonly as?: string | undefined
  /** Where the restored cluster lies meanwhile. @default the system's folder for temporary files */
  readonly temporaryFolder?: string | undefined
  /** How long the server may replay. @default '2h' */
  readonly recoveryTimeout?: Duration | undefined
  /** Told how far the restore of the cluster is. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the restore; nothing of the throw-away server is left. */
  readonly signal?: AbortSignal | undefined
}

/** Tables that came back. */
export interface RestoredTables {
  readonly tables: readonly {
    readonly schema: string
    readonly name: string
    readonly rows: number
    /** Keys, indexes and constraints that the target did not accept, and why. */
    readonly left: readonly string[]
  }[]
  /** The base backup that was used, by the id of its snapshot. */
  readonly snapshot: string
}

/**
 * Boots the cluster as it was at a moment, in a throw-away server, and copies tables from it to another server. A table
 * that stands there already is never touched. Each table comes whole or not at all.
 */
export async function restoreTable(context: ThrowAwayContext, options: RestoreTableOptions): Promise<RestoredTables> {
  const { table, target, database, signal, onProgress } = options
  const recoveryTimeout = milliseconds(options.recoveryTimeout ?? '2h')
  const { until, from, temporaryFolder } = options
  const named = parseTableName(table)
  if (named.name !== '*') await assertFree(target, database, { ...named, ...nameOf(options) })
  const wanted = { until, from, temporaryFolder, recoveryTimeout, signal, onProgress, measured: false }
  await using booted = await bootRestored(context, wanted)
  await using sql = await booted.connector.sql({ database, signal })
  const found = await findTables(sql, table)
  if (found.length === 0) throw postgresSourceErrors.BACKUP_POSTGRES_TABLE_MISSING({ table })
  if (options.as !== undefined && found.length > 1)
    throw postgresSourceErrors.BACKUP_POSTGRES_OPTION_INVALID({ option: 'as', reason: 'there are several tables' })
  const progress = trackProgress({ phase: 'copy table', total: 0, onProgress, clock: context.clock })
  const tables: RestoredTables['tables'][number][] = []
  for (const { schema, name } of found) {
    const description = await describeTable(sql, schema, name)
    const place = { schema, name, ...nameOf(options) }
    const connection = await target.copying({ database, signal })
    try {
      const definition = await definitionFor(sql, description, place)
      await create(connection, definition, place)
      const copy = { from: booted.connector, to: connection, database, source: description, target: place, signal }
      await copyRows({ ...copy, onBytes: progress.advance })
      await run(connection, 'commit')
      tables.push({ ...place, rows: await count(connection, place), left: await finish(connection, definition) })
    } finally {
      await connection.close()
    }
  }
  progress.finish()
  return { tables, snapshot: booted.cluster.snapshot }
}

/** The parts of the name on the target that are another one. */
function nameOf({ schema, as: name }: RestoreTableOptions): { readonly schema?: string; readonly name?: string } {
  return { ...(schema !== undefined && { schema }), ...(name !== undefined && { name }) }
}

/** Before anything is restored: that takes long. */
async function assertFree(target: PostgresConnector, database: string | undefined, place: TablePlace): Promise<void> {
  await using sql = await target.sql({ database })
  const { rows } = await sql.query(existsQuery(place))
  if (rows.length > 0) throw alreadyThere(place)
}

interface TablePlace {
  readonly schema: string
  readonly name: string
}

function existsQuery({ schema, name }: TablePlace): string {
  return `select 1 from pg_tables where schemaname = ${quoteLiteral(schema)} and tablename = ${quoteLiteral(name)}`
}

function alreadyThere({ schema, name }: TablePlace) {
  return postgresSourceErrors.BACKUP_POSTGRES_TABLE_EXISTS({ table: `${schema}.${name}` })
}

/** Under another name or in another schema the server writes the definition: it renames the copy that is thrown away. */
async function definitionFor(
  sql: SqlClient,
  description: TableDescription,
  { schema, name }: TablePlace,
): Promise<TableDescription> {
  if (schema === description.schema && name === description.name) return description
  await sql.query('begin')
  try {
    await sql.query(`create schema if not exists ${quoteIdentifier(schema)}`)
    if (schema !== description.schema)
      await sql.query(
        `alter table ${qualified(description.schema, description.name)} set schema ${quoteIdentifier(schema)}`,
      )
    if (name !== description.name)
      await sql.query(`alter table ${qualified(schema, description.name)} rename to ${quoteIdentifier(name)}`)
    return await describeTable(sql, schema, name)
  } finally {
    await sql.query('rollback')
  }
}

async function create(
  connection: CopyConnection,
  { create: statements }: TableDescription,
  place: TablePlace,
): Promise<void> {
  await run(connection, 'begin')
  const [set] = await connection.query(existsQuery(place))
  if ((set?.rows.length ?? 0) > 0) throw alreadyThere(place)
  for (const statement of statements) await run(connection, statement)
}

/** What cannot be made, such as a reference to a table that is not there, is told; the rows stay. */
async function finish(connection: CopyConnection, { finish: statements }: TableDescription): Promise<string[]> {
  const left: string[] = []
  for (const { sql, what } of statements)
    try {
      await run(connection, sql)
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      left.push(`${what}: ${error.message}`)
    }
  return left
}

async function run(connection: CopyConnection, text: string): Promise<void> {
  await connection.query(text)
}

async function count(connection: CopyConnection, { schema, name }: TablePlace): Promise<number> {
  const [set] = await connection.query(`select count(*) from ${qualified(schema, name)}`)
  return Number(set?.rows[0]?.[0] ?? 0)
}
