import type { CopyConnection } from '../replication/connection.ts'
import { trackProgress } from '../progress/progress.ts'
import { chooseTables, type ChosenTable } from './choose-tables.ts'
import { describeTables, quoteTable, tableText } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import {
  exportFiles,
  type ExportedTable,
  type ExportPlan,
  type ExportSnapshot,
  type StoredPart,
  type TablesExport,
} from './export-files.ts'
import { exportSettings, type ExportSettings, type ExportTablesOptions } from './export-options.ts'
import { exportPart } from './export-part.ts'
import { exportPlan, remainingWork, type RemainingWork } from './export-plan.ts'
import { beginExport, holdTable, joinExport } from './export-session.ts'
import { tableMasks } from './mask-rows.ts'
import { openSessions } from './open-sessions.ts'
import { blocksFor } from './part-writer.ts'
import { runJobs } from './run-jobs.ts'
import { lastValues } from './sequences.ts'
import { reasonOf } from './sql-state.ts'

/**
 * Copies the rows of tables into a folder or bucket, in parallel and all as they were at one moment, without any program of PostgreSQL:
 * the text that COPY reads, compressed, with a list of what there is in `export.json`. Rows can be left out and columns
 * masked. An export that was cut off, by SIGKILL too, goes on with what is not stored yet when it is called again.
 *
 * @throws `BACKUP_EXPORT_*`, `BACKUP_POSTGRES_*`, `CORE_STORAGE_*`
 * @example
 * ```ts no-run
 * import { exportTables } from '@exprsn/backup/logical'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 * import { folderStore } from '@exprsn/core/storage'
 *
 * const key = process.env.MASK_KEY ?? ''
 * const done = await exportTables({
 *   connector: postgresConnector({ host: 'db.internal', user: 'reader', database: 'shop' }),
 *   store: folderStore({ path: '/var/exports' }),
 *   prefix: '2026-11-21',
 *   tables: [
 *     { table: 'customers', where: 'not deleted', mask: { email: { kind: 'keep-format', key }, note: { kind: 'null' } } },
 *     'public.*',
 *   ],
 * })
 * console.log(done.tables.length, done.consistent)
 * ```
 */
export async function exportTables(options: ExportTablesOptions): Promise<TablesExport> {
  const settings = exportSettings(options)
  const { connector, store, prefix, signal, clock, compress } = settings
  const files = exportFiles(store, prefix, compress, signal)
  if ((await files.readExport()) !== undefined) throw logicalErrors.BACKUP_EXPORT_EXISTS({ prefix })
  await using sessions = openSessions(settings)
  const keeper = await sessions.open()
  const choose = async (): Promise<ChosenTable[]> =>
    chooseTables(await describeTables(keeper), settings.tables, settings.exclude, connector.server)
  const first = await choose()
  first.forEach(tableMasks)
  const { exported, moment, ...server } = await beginExport(keeper, first, settings.snapshot)
  // As they were at that moment; what was made in between was not locked.
  const held = new Set(first.map(tableText))
  const now = (await choose()).filter((table) => held.has(tableText(table)))
  await checkFilters(keeper, now)
  const plan = await exportPlan(files, settings, keeper, now)
  const tables = plan.tables.map((planned) => now.find((table) => tableText(table) === tableText(planned))!)
  const masks = tables.map(tableMasks)
  const work = await remainingWork(files, plan, moment)
  const stored = new Map(work.stored)
  const jobs = work.jobs
    .map((job) => ({ ...job, size: tables[job.table]!.pages / plan.tables[job.table]!.ranges.length }))
    .sort((one, other) => other.size - one.size)
  const total = jobs.reduce((sum, { size }) => sum + size * 8192, 0)
  const progress = trackProgress({ phase: 'export', total, onProgress: settings.onProgress, clock })
  const blocks = blocksFor(compress)
  const workers: CopyConnection[] = []
  while (workers.length < Math.min(settings.connections, jobs.length)) {
    const worker = await sessions.open()
    await joinExport(worker, exported)
    workers.push(worker)
  }
  await runJobs(
    jobs,
    workers,
    async ({ table: index, range, key }, connection, stopped) => {
      const table = tables[index]!
      await holdTable(connection, table)
      const part = await exportPart({
        ...{ connection, store, table, masks: masks[index]!, range, key, compress, signal: stopped },
        ...{ level: settings.compressionLevel, blocks, onBytes: progress.advance },
      })
      const record: StoredPart = { part: { ...part, snapshot: moment.snapshot }, moment }
      await files.writePart(record)
      stored.set(key, record)
    },
    signal,
  )
  const sequences = await lastValues(keeper, tables)
  const exportedTables = tables.map((table, index) =>
    describeExported(table, work.keys[index]!, stored, sequences[index]!),
  )
  const done = summary({ plan, settings, moment, stored, server, tables: exportedTables })
  await files.writeExport(done)
  progress.finish()
  return done
}

/** A filter is wrong before anything is stored. */
async function checkFilters(connection: CopyConnection, tables: readonly ChosenTable[]): Promise<void> {
  for (const table of tables) {
    if (table.where === undefined) continue
    await connection.query('savepoint filter')
    try {
      await connection.query(`select from only ${quoteTable(table)} where (${table.where}) limit 0`)
    } catch (error) {
      const details = { table: tableText(table), reason: reasonOf(error) }
      throw logicalErrors.BACKUP_EXPORT_FILTER_INVALID(details, { cause: error })
    }
    await connection.query('release savepoint filter')
  }
}

function describeExported(
  table: ChosenTable,
  keys: readonly string[],
  stored: RemainingWork['stored'],
  sequences: ExportedTable['sequences'],
): ExportedTable {
  const parts = keys.map((key) => stored.get(key)!.part)
  return {
    ...{ schema: table.schema, name: table.name },
    columns: table.columns.map(({ name, type }) => ({ name, type, masked: table.masks.has(name) })),
    filtered: table.where !== undefined,
    rows: parts.reduce((rows, part) => rows + part.rows, 0),
    bytes: parts.reduce((bytes, part) => bytes + part.bytes, 0),
    ...{ parts, sequences },
  }
}

interface Finished {
  readonly plan: ExportPlan
  readonly settings: ExportSettings
  readonly moment: ExportSnapshot
  readonly stored: RemainingWork['stored']
  readonly server: { readonly version: string; readonly database: string }
  readonly tables: readonly ExportedTable[]
}

function summary({ plan, settings, moment, stored, server, tables }: Finished): TablesExport {
  const moments = new Map([...stored.values()].map((record) => [record.moment.snapshot, record.moment]))
  if (moments.size === 0) moments.set(moment.snapshot, moment)
  const snapshots = [...moments.values()].sort((one, other) => (one.time < other.time ? -1 : 1))
  return {
    ...{ format: 'exprsn-copy-export', version: 1, id: plan.id },
    server: { name: settings.connector.server, version: server.version },
    ...{ database: server.database, compress: settings.compress, startedAt: plan.startedAt },
    finishedAt: new Date(settings.clock.now()).toISOString(),
    ...{ snapshots, consistent: snapshots.length === 1, tables },
  }
}
