import type { CopyConnection } from '../replication/connection.ts'
import { quoteIdentifier, quoteLiteral } from '../replication/quote.ts'
import { quoteTable, type ExportTable } from './describe-tables.ts'

/** A stretch of a table that is exported in one piece. */
export interface PartRange {
  /** SQL that holds for its rows and no others; undefined for a whole table. */
  readonly condition: string | undefined
}

/** How a table is cut. */
export interface TableParts {
  /**
   * What says to which part a row belongs. `pages`: where it lies, which changes when it is updated, so parts of two snapshots do not fit
   * together. `key`: its primary key. `whole`: there is one part.
   */
  readonly cut: 'whole' | 'key' | 'pages'
  readonly ranges: readonly PartRange[]
}

const pageBytes = 8192
/** Rows that are looked at to find where to cut. */
const sample = 20_000
/** From this on, rows of one range of the key lie side by side, so that each part reads only its own pages. */
const orderly = 0.9

/** Cuts a table into parts of about the same size. */
export async function planParts(connection: CopyConnection, table: ExportTable, partSize: number): Promise<TableParts> {
  const wanted = Math.ceil((table.pages * pageBytes) / partSize)
  if (wanted <= 1) return { cut: 'whole', ranges: [{ condition: undefined }] }
  const bounds = Math.abs(table.correlation) >= orderly ? await keyBounds(connection, table, wanted) : []
  if (bounds.length > 0) return { cut: 'key', ranges: rangesBetween(keyText(table), bounds) }
  const step = Math.ceil(table.pages / wanted)
  const pages = Array.from({ length: wanted - 1 }, (_, index) => `'(${(index + 1) * step},0)'::pg_catalog.tid`)
  return { cut: 'pages', ranges: rangesBetween('ctid', pages) }
}

function rangesBetween(what: string, bounds: readonly string[]): PartRange[] {
  return Array.from({ length: bounds.length + 1 }, (_, index) => {
    const from = index === 0 ? [] : [`${what} >= ${bounds[index - 1]}`]
    const until = index === bounds.length ? [] : [`${what} < ${bounds[index]}`]
    return { condition: [...from, ...until].join(' and ') }
  })
}

function keyText({ key }: ExportTable): string {
  return `(${key.map(quoteIdentifier).join(', ')})`
}

/** Where a sample of the keys is cut into equal shares; fewer where keys repeat. */
async function keyBounds(connection: CopyConnection, table: ExportTable, wanted: number): Promise<string[]> {
  const { key } = table
  const columns = key.map(quoteIdentifier).join(', ')
  const rows = Math.max(table.rows, 1)
  const percent = Math.min(100, (100 * Math.max(sample, wanted * 100)) / rows)
  const [set] = await connection.query(`
    select ${key.map((column) => `${quoteIdentifier(column)}::pg_catalog.text`).join(', ')} from (
      select ${columns}, pg_catalog.row_number() over (order by ${columns}) as position, pg_catalog.count(*) over () as of
      from only ${quoteTable(table)} tablesample system (${percent})) as sampled
    where exists (select from pg_catalog.generate_series(1, ${wanted - 1}) as share where position = greatest(1, of * share / ${wanted}))
    order by position`)
  const type = new Map(table.columns.map((column) => [column.name, column.type]))
  return (set?.rows ?? []).map(
    (row) => `(${row.map((value, index) => `${quoteLiteral(value!)}::${type.get(key[index]!)}`).join(', ')})`,
  )
}
