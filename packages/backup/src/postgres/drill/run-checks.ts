import type { Clock } from '@exprsn/core'
import type { PostgresConnector, SqlClient } from '../../replication/connection.ts'
import { listDatabases } from '../server-facts.ts'
import type { DrillCheck } from './evidence.ts'

/** Something that must be true of a restored database. */
export interface DrillAssertion {
  /** A query whose first column of every row must be true; no row at all is a failure. */
  readonly sql: string
  /** @default the connector's */
  readonly database?: string | undefined
  /** Stands in the report. @default the query */
  readonly name?: string | undefined
}

/** Options of {@link runChecks}. */
export interface RunChecksOptions {
  readonly connector: PostgresConnector
  readonly assertions: readonly DrillAssertion[]
  /** Extensions that the backup holds. */
  readonly extensions: readonly string[]
  /** Whether indexes and tables are checked with amcheck. */
  readonly amcheck: boolean
  readonly clock: Clock
  readonly signal?: AbortSignal | undefined
}

/** Looks at a restored server; what fails is in the result. */
export async function runChecks(options: RunChecksOptions): Promise<DrillCheck[]> {
  const { connector, assertions, extensions, amcheck, clock, signal } = options
  const checks: DrillCheck[] = []
  const check = async (name: string, work: () => Promise<string>): Promise<void> => {
    signal?.throwIfAborted()
    const begun = clock.monotonic()
    try {
      const detail = await work()
      checks.push({ name, ok: true, detail, seconds: (clock.monotonic() - begun) / 1_000 })
    } catch (error) {
      signal?.throwIfAborted()
      const detail = error instanceof Error ? error.message : String(error)
      checks.push({ name, ok: false, detail, seconds: (clock.monotonic() - begun) / 1_000 })
    }
  }

  await using sql = await connector.sql({ signal })
  await check('extensions', () => assertExtensions(sql, extensions))
  if (amcheck)
    for (const database of await listDatabases(sql)) {
      if (database === 'template1') continue
      await using own = await connector.sql({ database, signal })
      await check(`amcheck of ${database}`, () => checkDatabase(own))
    }
  for (const assertion of assertions)
    await check(assertion.name ?? assertion.sql, () => assertTrue(connector, assertion, signal))
  return checks
}

/** A query that was not true. Never leaves this file: it becomes a line of the report. */
function failed(reason: string): TypeError {
  return new TypeError(reason)
}

async function assertExtensions(sql: SqlClient, extensions: readonly string[]): Promise<string> {
  const { rows } = await sql.query('select name from pg_available_extensions')
  const available = new Set(rows.map((row) => String(row['name'])))
  const missing = extensions.filter((name) => !available.has(name))
  if (missing.length > 0) throw failed(`this machine lacks ${missing.join(', ')}`)
  return extensions.length === 0 ? 'none' : extensions.join(', ')
}

async function checkDatabase(sql: SqlClient): Promise<string> {
  await sql.query('create extension if not exists amcheck')
  const indexes = await sql.query(
    `select count(bt_index_check(c.oid, i.indisunique))::int as count from pg_index i join pg_class c on c.oid = i.indexrelid
     join pg_am a on a.oid = c.relam
     where a.amname = 'btree' and c.relpersistence = 'p' and c.relkind = 'i' and i.indisready and i.indisvalid`,
  )
  const heaps = await sql.query(
    `select c.oid::regclass::text as name, r.blkno, r.msg from pg_class c join pg_am a on a.oid = c.relam,
     lateral verify_heapam(c.oid) r where a.amname = 'heap' and c.relkind in ('r', 't', 'm') and c.relpersistence = 'p' limit 10`,
  )
  const [first] = heaps.rows
  if (first !== undefined)
    throw failed(`${String(first['name'])}, page ${String(first['blkno'])}: ${String(first['msg'])}`)
  return `${String(indexes.rows[0]?.['count'])} indexes and all tables are sound`
}

async function assertTrue(
  connector: PostgresConnector,
  { sql: text, database }: DrillAssertion,
  signal: AbortSignal | undefined,
): Promise<string> {
  await using sql = await connector.sql({ database, signal })
  const { rows } = await sql.query(text)
  const values = rows.map((row) => Object.values(row)[0])
  if (values.length === 0) throw failed('it gave no row')
  const wrong = values.find((value) => value !== true)
  if (values.some((value) => value !== true)) throw failed(`it gave ${String(wrong)}`)
  return values.length === 1 ? 'true' : `true in ${values.length} rows`
}
