import type { CopyConnection } from '../replication/connection.ts'
import { quoteIdentifier } from '../replication/quote.ts'
import { describeTables, quoteTable, tableText, type ExportTable } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import type { ExportedTable } from './export-files.ts'
import { importOrder, type TableGroup } from './import-order.ts'

/** An exported table and where its rows go. */
export interface ImportedTable {
  readonly exported: ExportedTable
  readonly schema: string
  readonly name: string
  /** Foreign keys on other tables of the import, or on itself, that are checked at once and not at the end of a transaction. */
  readonly strict: readonly string[]
}

/** What is imported, in steps: everything that is referred to comes before what refers to it. */
export async function importTarget(
  connection: CopyConnection,
  chosen: readonly ExportedTable[],
  schema: string | undefined,
  server: string,
): Promise<TableGroup<ImportedTable>[][]> {
  const there = new Map((await describeTables(connection)).map((table) => [tableText(table), table]))
  const foreignKeys = await readForeignKeys(connection)
  const targets = chosen.map((exported) => {
    const place = { schema: schema ?? exported.schema, name: exported.name }
    checkColumns(exported, there.get(tableText(place)), tableText(place), server)
    return { exported, ...place }
  })
  const names = new Set(targets.map(tableText))
  const inside = foreignKeys.filter(({ from, to }) => names.has(from) && names.has(to))
  const tables = targets.map((target): ImportedTable => {
    const strict = inside.filter(({ from, deferrable }) => from === tableText(target) && !deferrable)
    return { ...target, strict: strict.map(({ name }) => name) }
  })
  const byName = new Map(tables.map((table) => [tableText(table), table]))
  return importOrder(
    tables,
    inside.map(({ from, to }) => ({ from: byName.get(from)!, to: byName.get(to)! })),
  )
}

function checkColumns(exported: ExportedTable, there: ExportTable | undefined, table: string, server: string): void {
  if (there === undefined) throw logicalErrors.BACKUP_IMPORT_TABLE_MISSING({ table, server })
  for (const { name } of exported.columns)
    if (!there.columns.some((column) => column.name === name))
      throw logicalErrors.BACKUP_IMPORT_COLUMN_MISSING({ table, column: name, server })
}

interface ForeignKey {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly deferrable: boolean
}

/** A key of or on a partitioned table stands on each partition as well, as far as rows are looked at there. */
async function readForeignKeys(connection: CopyConnection): Promise<ForeignKey[]> {
  const [set] = await connection.query(`
    select f.conname, n.nspname || '.' || c.relname, rn.nspname || '.' || r.relname, f.condeferrable
    from pg_catalog.pg_constraint f
      join pg_catalog.pg_class c on c.oid = f.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      join lateral (select f.confrelid as oid union select inhrelid from pg_catalog.pg_inherits where inhparent = f.confrelid) t on true
      join pg_catalog.pg_class r on r.oid = t.oid join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
    where f.contype = 'f' and c.relkind = 'r'`)
  return (set?.rows ?? []).map(([name, from, to, deferrable]) => ({
    ...{ name: name!, from: from!, to: to!, deferrable: deferrable === 't' },
  }))
}

/** Lets the references among tables wait for the end of the transaction. Returns what makes them as they were. */
export async function deferReferences(
  connection: CopyConnection,
  tables: readonly ImportedTable[],
): Promise<() => Promise<void>> {
  const alter = async (deferrable: string): Promise<void> => {
    for (const table of tables)
      for (const name of table.strict)
        await connection.query(
          `alter table ${quoteTable(table)} alter constraint ${quoteIdentifier(name)} ${deferrable}`,
        )
  }
  await alter('deferrable')
  await connection.query('set constraints all deferred')
  return async () => {
    await connection.query('set constraints all immediate')
    await alter('not deferrable')
  }
}
