import { parseTableName } from '../postgres/table/describe-table.ts'
import type { ColumnMask } from './column-mask.ts'
import { tableText, type ExportColumn, type ExportTable } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'

/** A table to export, or several by `schema.*`. */
export interface TableChoice {
  /** `orders` (in `public`), `shop.orders`, or `shop.*`. Quotes as in SQL. */
  readonly table: string
  /**
   * Only rows of which this SQL condition holds: what stands behind WHERE in a query of this one table. It is run as it is, so it must
   * not come from outside. Nothing is in the search path but what is built in. @default all rows
   */
  readonly where?: string | undefined
  /** Only these columns. @default all that are not generated */
  readonly columns?: readonly string[] | undefined
  /** What becomes of the values of columns. @default nothing is masked */
  readonly mask?: Readonly<Record<string, ColumnMask>> | undefined
}

/** A table with what is exported of it. */
export interface ChosenTable extends ExportTable {
  readonly where: string | undefined
  readonly masks: ReadonlyMap<string, ColumnMask>
}

/** What is to be exported of the tables that there are. A table that is named goes before one that a `*` stands for. */
export function chooseTables(
  there: readonly ExportTable[],
  wanted: readonly (string | TableChoice)[] | undefined,
  exclude: readonly string[],
  server: string,
): ChosenTable[] {
  const choices = (wanted ?? ['*.*']).map((choice) => (typeof choice === 'string' ? { table: choice } : choice))
  const chosen = new Map<ExportTable, TableChoice>()
  const isWild = ({ table }: TableChoice): boolean => parseTableName(table).name === '*'
  for (const choice of [...choices.filter((each) => !isWild(each)), ...choices.filter(isWild)]) {
    const found = there.filter((table) => matches(table, choice.table))
    if (found.length === 0 && choice.table !== '*.*')
      throw logicalErrors.BACKUP_EXPORT_TABLE_UNKNOWN({ table: choice.table, server })
    for (const table of found)
      if (!chosen.has(table)) chosen.set(table, choice)
      else if (!isWild(choice)) throw optionInvalid('tables', `${choice.table} is named twice`)
  }
  return there
    .filter((table) => chosen.has(table) && !exclude.some((name) => matches(table, name)))
    .map((table) => narrow(table, chosen.get(table)!))
}

function matches(table: ExportTable, wanted: string): boolean {
  const { schema, name } = parseTableName(wanted)
  return (schema === '*' || schema === table.schema) && (name === '*' || name === table.name)
}

function narrow(table: ExportTable, { where, columns, mask = {} }: TableChoice): ChosenTable {
  const named = [...(columns ?? []), ...Object.keys(mask)]
  for (const column of named)
    if (!table.columns.some(({ name }) => name === column))
      throw logicalErrors.BACKUP_EXPORT_COLUMN_UNKNOWN({ table: tableText(table), column })
  if (where !== undefined && where.trim() === '') throw optionInvalid('where', 'it is empty')
  const isKept = ({ name }: ExportColumn): boolean => columns?.includes(name) ?? true
  return { ...table, columns: table.columns.filter(isKept), where, masks: new Map(Object.entries(mask)) }
}

function optionInvalid(option: string, reason: string) {
  return logicalErrors.BACKUP_EXPORT_OPTION_INVALID({ option, reason })
}
