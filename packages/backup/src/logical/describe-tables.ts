import type { CopyConnection } from '../replication/connection.ts'
import { quoteIdentifier } from '../replication/quote.ts'

/** A column that holds data of its own: generated ones are computed again. */
export interface ExportColumn {
  readonly name: string
  /** With its modifier, such as `numeric(10,2)`. */
  readonly type: string
  /** Name in pg_type of what it is below all domains, such as `int4`. */
  readonly base: string
  readonly notNull: boolean
}

/** A table with rows of its own. */
export interface ExportTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly ExportColumn[]
  /** 8 KiB pages of its rows when it was last looked at; at least what the file had. */
  readonly pages: number
  /** Rows by the server's own guess; -1 when it has none. */
  readonly rows: number
  /** Columns of its primary key, in order; empty without one. */
  readonly key: readonly string[]
  /** How far the order of the rows follows the first column of the key, -1 to 1. */
  readonly correlation: number
}

/** `schema.name`, for messages and records. */
export function tableText({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`
}

/** For SQL. */
export function quoteTable({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/**
 * Every table with rows of its own that belongs to users: no catalogue, no temporary or foreign table, no parent of
 * partitions, nothing that an extension made. In the order of their names.
 */
export async function describeTables(connection: CopyConnection): Promise<ExportTable[]> {
  const [tables] = await connection.query(`
    select c.oid, n.nspname, c.relname, greatest(c.relpages, pg_catalog.pg_relation_size(c.oid) / 8192), c.reltuples
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relpersistence <> 't'
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg\\_temp\\_%'
      and not exists (select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by 2, 3`)
  const columns = await columnsByTable(connection)
  const keys = await keysByTable(connection)
  return (tables?.rows ?? []).map(([oid, schema, name, pages, rows]) => ({
    ...{ schema: schema!, name: name!, pages: Number(pages), rows: Number(rows) },
    columns: columns.get(oid!) ?? [],
    key: keys.get(oid!)?.columns ?? [],
    correlation: keys.get(oid!)?.correlation ?? 0,
  }))
}

async function columnsByTable(connection: CopyConnection): Promise<Map<string, ExportColumn[]>> {
  const [set] = await connection.query(`
    with recursive bases(oid, base) as (
      select oid, oid from pg_catalog.pg_type where typtype <> 'd'
      union all
      select t.oid, b.base from pg_catalog.pg_type t join bases b on t.typbasetype = b.oid where t.typtype = 'd')
    select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typname, a.attnotnull
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      join bases b on b.oid = a.atttypid join pg_catalog.pg_type t on t.oid = b.base
    where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attrelid, a.attnum`)
  const found = new Map<string, ExportColumn[]>()
  for (const [table, name, type, base, notNull] of set?.rows ?? []) {
    const column = { name: name!, type: type!, base: base!, notNull: notNull === 't' }
    const columns = found.get(table!)
    if (columns === undefined) found.set(table!, [column])
    else columns.push(column)
  }
  return found
}

async function keysByTable(
  connection: CopyConnection,
): Promise<Map<string, { readonly columns: string[]; readonly correlation: number }>> {
  const [set] = await connection.query(`
    select i.indrelid, a.attname, s.correlation
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      cross join unnest(i.indkey::int2[]) with ordinality k(attnum, position)
      join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
      left join pg_catalog.pg_stats s
        on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname and not s.inherited
    where i.indisprimary and i.indisvalid and k.position <= i.indnkeyatts
    order by i.indrelid, k.position`)
  const found = new Map<string, { readonly columns: string[]; readonly correlation: number }>()
  for (const [table, column, correlation] of set?.rows ?? []) {
    const key = found.get(table!)
    if (key === undefined) found.set(table!, { columns: [column!], correlation: Number(correlation ?? 0) })
    else key.columns.push(column!)
  }
  return found
}
