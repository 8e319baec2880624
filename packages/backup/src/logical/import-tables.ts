import { systemClock, type Clock } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import { parseTableName } from '../postgres/table/describe-table.ts'
import { trackProgress, type OnProgress } from '../progress/progress.ts'
import type { CopyConnection, PostgresConnector } from '../replication/connection.ts'
import { quoteIdentifier } from '../replication/quote.ts'
import { quoteTable, tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import { exportFiles, type ExportedPart, type ExportedTable, type TablesExport } from './export-files.ts'
import { importLedger } from './import-ledger.ts'
import { importTarget, type ImportedTable } from './import-target.ts'
import { importTransaction, transactionsOf } from './import-transaction.ts'
import { openSessions } from './open-sessions.ts'
import { readPart } from './read-part.ts'
import { rowDigest, type RowDigest } from './row-digest.ts'
import { runJobs } from './run-jobs.ts'
import { advanceSequence } from './sequences.ts'
import { reasonOf, sqlStateOf } from './sql-state.ts'

/** Options of {@link importTables}. */
export interface ImportTablesOptions {
  /** The server that gets the rows: from `postgresConnector`. The tables have to be there. */
  readonly connector: PostgresConnector
  /** Where the export lies. */
  readonly store: ObjectStore
  /** What its keys begin with. @default '' */
  readonly prefix?: string | undefined
  /** `orders`, `shop.orders` or `shop.*`. @default every table of the export */
  readonly tables?: readonly string[] | undefined
  /** @default the one of the connector */
  readonly database?: string | undefined
  /** The schema on the target. @default the one that each table was in */
  readonly schema?: string | undefined
  /**
   * What becomes of rows that are there. `refuse`: nothing is imported. `keep`: the imported ones are added. `truncate`: the tables are
   * emptied first, in one statement, which fails when a table refers to them that is not among them. @default 'refuse'
   */
  readonly existing?: 'refuse' | 'keep' | 'truncate' | undefined
  /**
   * How the result is checked. `counts`: PostgreSQL took as many rows as were exported, of parts whose checksum is right.
   * `content`: the tables are read back, too, and hold the same rows; needs empty tables and nobody else who writes. @default 'counts'
   */
  readonly verify?: 'counts' | 'content' | undefined
  /** Parts that are copied at the same time, each on a connection of its own. @default 4 */
  readonly connections?: number | undefined
  /** Schema of the table `exprsn_imports`, which notes the parts that are in until all are. @default 'public' */
  readonly ledger?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told how many bytes of rows were sent, of how many. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the import. Parts that are in stay, and another call goes on from there. */
  readonly signal?: AbortSignal | undefined
}

/** What an import has brought. */
export interface TablesImport {
  readonly export: string
  readonly tables: readonly {
    readonly schema: string
    readonly name: string
    readonly rows: number
    /** Parts that an earlier call had brought already. */
    readonly partsBefore: number
  }[]
}

/**
 * Copies an export of {@link exportTables} into tables, in parallel. Each part comes whole and exactly once, also when an import
 * that was cut off is called again. Tables that are referred to come first; tables that refer to each other in a circle come in one
 * transaction, in which foreign keys are checked at its end. Sequences go on behind the last value.
 *
 * @throws `BACKUP_IMPORT_*`, `BACKUP_EXPORT_MISSING`, `BACKUP_EXPORT_DAMAGED`, `BACKUP_POSTGRES_*`, `CORE_STORAGE_*`
 * @example
 * ```ts no-run
 * import { importTables } from '@exprsn/backup/logical'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 * import { folderStore } from '@exprsn/core/storage'
 *
 * const connector = postgresConnector({ host: 'staging.internal', user: 'owner', database: 'shop' })
 * const store = folderStore({ path: '/var/exports' })
 * const { tables } = await importTables({ connector, store, prefix: '2026-11-21', verify: 'content' })
 * console.log(tables.reduce((rows, table) => rows + table.rows, 0), 'rows')
 * ```
 */
export async function importTables(options: ImportTablesOptions): Promise<TablesImport> {
  const { connector, store, prefix = '', existing = 'refuse', verify = 'counts', connections = 4, signal } = options
  if (!Number.isInteger(connections) || connections < 1 || connections > 100)
    throw logicalErrors.BACKUP_EXPORT_OPTION_INVALID({
      option: 'connections',
      reason: 'it is no whole number from 1 to 100',
    })
  if (verify === 'content' && existing === 'keep')
    throw logicalErrors.BACKUP_EXPORT_OPTION_INVALID({
      option: 'verify',
      reason: 'rows that are kept cannot be told apart',
    })
  const from = await exportFiles(store, prefix, 'zstd', signal).readExport()
  if (from === undefined) throw logicalErrors.BACKUP_EXPORT_MISSING({ prefix })
  const chosen = chooseExported(from, options.tables, prefix)
  await using sessions = openSessions(options)
  const keeper = await sessions.open()
  const steps = await importTarget(keeper, chosen, options.schema, connector.server)
  const tables = steps.flat().flatMap((group) => group.tables)
  const ledger = importLedger(
    options.ledger ?? 'public',
    `${from.id}${options.schema === undefined ? '' : `/${options.schema}`}`,
  )
  const before = await allowed(() => ledger.load(keeper), `${options.ledger ?? 'public'}.exprsn_imports`)
  await makeRoom(keeper, tables, existing, before)
  const total = tables.flatMap(({ exported }) => openParts(exported, before)).reduce((sum, { bytes }) => sum + bytes, 0)
  const progress = trackProgress({
    phase: 'import',
    total,
    onProgress: options.onProgress,
    clock: options.clock ?? systemClock,
  })
  const digests = new Map(tables.map((table) => [table, verify === 'content' ? rowDigest() : undefined]))
  const workers = [keeper]
  const widest = Math.max(1, ...steps.map((groups) => transactionsOf(groups, before).length))
  while (workers.length < Math.min(connections, widest)) workers.push(await sessions.open())
  for (const groups of steps)
    await runJobs(
      transactionsOf(groups, before),
      workers,
      (transaction, connection, stopped) =>
        importTransaction({
          ...{ transaction, connection, store, from, ledger, digests },
          ...{ onBytes: progress.advance, signal: stopped },
        }),
      signal,
    )
  for (const table of tables)
    for (const { column, last } of table.exported.sequences) await advanceSequence(keeper, table, column, last)
  for (const table of tables) {
    const digest = digests.get(table)
    // What an earlier call brought was not seen by this one.
    if (digest !== undefined) await verifyContent({ connection: keeper, store, from, table, digest, before, signal })
  }
  await ledger.forget(keeper)
  progress.finish()
  return {
    export: from.id,
    tables: tables.map(({ schema, name, exported }) => ({
      ...{ schema, name, rows: exported.rows },
      partsBefore: exported.parts.length - openParts(exported, before).length,
    })),
  }
}

function openParts({ parts }: ExportedTable, before: ReadonlySet<string>): ExportedPart[] {
  return parts.filter(({ key }) => !before.has(key))
}

function chooseExported(
  from: TablesExport,
  wanted: readonly string[] | undefined,
  prefix: string,
): readonly ExportedTable[] {
  if (wanted === undefined) return from.tables
  const matches = (table: ExportedTable, choice: string): boolean => {
    const { schema, name } = parseTableName(choice)
    return schema === table.schema && (name === '*' || name === table.name)
  }
  for (const choice of wanted)
    if (!from.tables.some((table) => matches(table, choice)))
      throw logicalErrors.BACKUP_EXPORT_TABLE_UNKNOWN({ table: choice, server: `the export "${prefix}"` })
  return from.tables.filter((table) => wanted.some((choice) => matches(table, choice)))
}

/** Looks at the tables that nothing has come into yet. */
async function makeRoom(
  connection: CopyConnection,
  tables: readonly ImportedTable[],
  existing: 'refuse' | 'keep' | 'truncate',
  before: ReadonlySet<string>,
): Promise<void> {
  if (existing === 'keep' || before.size > 0) return
  if (existing === 'truncate' && tables.length > 0) {
    const text = tables.map(tableText).join(', ')
    await allowed(
      () => connection.query(`truncate ${tables.map((table) => `only ${quoteTable(table)}`).join(', ')}`),
      text,
    )
    return
  }
  for (const table of tables) {
    const [set] = await allowed(
      () => connection.query(`select from only ${quoteTable(table)} limit 1`),
      tableText(table),
    )
    if ((set?.rows.length ?? 0) > 0)
      throw logicalErrors.BACKUP_IMPORT_NOT_EMPTY({ table: tableText(table), server: connection.server })
  }
}

async function allowed<Value>(work: () => Promise<Value>, table: string): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (sqlStateOf(error) !== '42501') throw error
    throw logicalErrors.BACKUP_IMPORT_NOT_ALLOWED({ table, reason: reasonOf(error) }, { cause: error })
  }
}

interface VerifyOptions {
  readonly connection: CopyConnection
  readonly store: ObjectStore
  readonly from: TablesExport
  readonly table: ImportedTable
  readonly digest: RowDigest
  readonly before: ReadonlySet<string>
  readonly signal: AbortSignal | undefined
}

/** Reads a table back. What an earlier call brought was not seen by this one, so it is read from the store again. */
async function verifyContent({ connection, store, from, table, digest, before, signal }: VerifyOptions): Promise<void> {
  for (const part of table.exported.parts)
    if (before.has(part.key)) for await (const piece of readPart(store, part, from.compress, signal)) digest.push(piece)
  const found = rowDigest()
  const names = table.exported.columns.map(({ name }) => quoteIdentifier(name))
  const columns = names.length === 0 ? '' : ` (${names.join(', ')})`
  await connection.copyOut(`copy ${quoteTable(table)}${columns} to stdout`, { onData: (row) => found.push(row) })
  if (found.value() !== digest.value()) throw logicalErrors.BACKUP_IMPORT_CONTENT_DIFFERS({ table: tableText(table) })
}
