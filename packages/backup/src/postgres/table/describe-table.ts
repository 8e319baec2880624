import { quoteIdentifier, quoteLiteral } from '../../replication/quote.ts'
import type { SqlClient } from '../../replication/connection.ts'

/** What it takes to make a table again. */
export interface TableDescription {
  readonly schema: string
  readonly name: string
  /** Columns that hold data of their own, in order: generated ones are computed again. */
  readonly columns: readonly string[]
  /** Statements that make the empty table: sequences first. */
  readonly create: readonly string[]
  /** Statements for after the data: values of sequences, keys, indexes, checks; last what refers to other tables. */
  readonly finish: readonly TableStatement[]
}

/** A statement that may fail without the data being worth less. */
export interface TableStatement {
  readonly sql: string
  /** For the report. */
  readonly what: string
}

/** A table's full name, quoted. */
export function qualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** The tables that a name or `schema.*` stands for, parents of partitions left out: their data is in the partitions. */
export async function findTables(sql: SqlClient, wanted: string): Promise<{ schema: string; name: string }[]> {
  const { schema, name } = parseTableName(wanted)
  const condition = name === '*' ? '' : `and c.relname = ${quoteLiteral(name)}`
  const { rows } = await sql.query(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname = ${quoteLiteral(schema)} ${condition} order by 2`,
  )
  return rows.map((row) => ({ schema: String(row['schema']), name: String(row['name']) }))
}

/** `orders` lies in `public`; quotes as in SQL; the name may be `*`. */
export function parseTableName(wanted: string): { readonly schema: string; readonly name: string } {
  const parts = [...wanted.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
  return parts.length > 1 ? { schema: parts[0]!, name: parts[1]! } : { schema: 'public', name: parts[0] ?? '' }
}

/** Reads a table's definition out of the catalogue: PostgreSQL itself writes expressions, indexes and constraints. */
export async function describeTable(sql: SqlClient, schema: string, name: string): Promise<TableDescription> {
  const table = qualified(schema, name)
  const oid = `${quoteLiteral(table)}::regclass`
  const columns = await sql.query(
    `select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required, attidentity as identity,
       attgenerated as generated, pg_get_expr(d.adbin, d.adrelid) as value,
       case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
       pg_get_serial_sequence(${quoteLiteral(table)}, attname) as sequence
     from pg_attribute a join pg_type t on t.oid = a.atttypid
       left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
     where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`,
  )
  const constraints = await sql.query(
    `select conname as name, contype as type, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = ${oid} and contype in ('p', 'u', 'c', 'x', 'f') order by contype = 'f', conname`,
  )
  const indexes = await sql.query(
    `select pg_get_indexdef(indexrelid) as definition, indexrelid::regclass::text as name from pg_index
     where indrelid = ${oid} and not exists (select from pg_constraint where conindid = indexrelid and conrelid = ${oid})
     order by 2`,
  )
  const owned = columns.rows.filter((row) => row['sequence'] != null && String(row['identity']) === '')
  return {
    schema,
    name,
    columns: columns.rows.filter((row) => row['generated'] === '').map((row) => String(row['name'])),
    create: [
      `create schema if not exists ${quoteIdentifier(schema)}`,
      ...owned.map((row) => `create sequence if not exists ${String(row['sequence'])}`),
      `create table ${table} (${columns.rows.map(columnText).join(', ')})`,
      ...owned.map(
        (row) => `alter sequence ${String(row['sequence'])} owned by ${table}.${quoteIdentifier(String(row['name']))}`,
      ),
    ],
    finish: [
      ...(await sequenceValues(sql, columns.rows, table)),
      ...constraints.rows.filter((row) => row['type'] !== 'f').map((row) => constraintText(table, row)),
      ...indexes.rows.map((row) => ({ sql: String(row['definition']), what: `index ${String(row['name'])}` })),
      ...constraints.rows.filter((row) => row['type'] === 'f').map((row) => constraintText(table, row)),
    ],
  }
}

type Row = Readonly<Record<string, unknown>>

/** The text of a column that may be NULL. */
function textOf(row: Row, name: string): string | undefined {
  const value = row[name]
  return typeof value === 'string' ? value : undefined
}

function columnText(row: Row): string {
  const parts = [quoteIdentifier(String(row['name'])), String(row['type'])]
  const [collation, value] = [textOf(row, 'collation'), textOf(row, 'value')]
  if (collation !== undefined) parts.push(`collate ${collation}`)
  if (row['generated'] === 's') parts.push(`generated always as (${value}) stored`)
  else if (row['generated'] === 'v') parts.push(`generated always as (${value}) virtual`)
  else if (row['identity'] === 'a') parts.push('generated always as identity')
  else if (row['identity'] === 'd') parts.push('generated by default as identity')
  else if (value !== undefined) parts.push(`default ${value}`)
  if (row['required'] === true) parts.push('not null')
  return parts.join(' ')
}

function constraintText(table: string, row: Row): TableStatement {
  const name = String(row['name'])
  const sql = `alter table ${table} add constraint ${quoteIdentifier(name)} ${String(row['definition'])}`
  return { sql, what: `constraint ${name}` }
}

async function sequenceValues(sql: SqlClient, columns: readonly Row[], table: string): Promise<TableStatement[]> {
  const statements: TableStatement[] = []
  for (const row of columns) {
    const sequence = textOf(row, 'sequence')
    if (sequence === undefined) continue
    const { rows } = await sql.query(`select last_value::text as last, is_called as called from ${sequence}`)
    const column = quoteLiteral(String(row['name']))
    statements.push({
      sql: `select setval(pg_get_serial_sequence(${quoteLiteral(table)}, ${column}), ${String(rows[0]?.['last'])}, ${rows[0]?.['called'] === true})`,
      what: `the sequence of ${String(row['name'])}`,
    })
  }
  return statements
}
