import type { CopyConnection } from '../replication/connection.ts'
import { quoteLiteral } from '../replication/quote.ts'
import { quoteTable, type ExportTable } from './describe-tables.ts'
import type { ExportedTable } from './export-files.ts'

/**
 * The last values of sequences that fill columns, for each table. Read after the rows: sequences belong to no moment, so these are at
 * least what the rows hold. Sequences that were never used, or that this role may not see, are left out.
 */
export async function lastValues(
  connection: CopyConnection,
  tables: readonly ExportTable[],
): Promise<ExportedTable['sequences'][]> {
  const found: ExportedTable['sequences'][] = []
  for (const table of tables) {
    if (table.columns.length === 0) {
      found.push([])
      continue
    }
    const columns = table.columns.map(({ name }) => `(${quoteLiteral(name)})`).join(', ')
    const [set] = await connection.query(`
      select name, pg_catalog.pg_sequence_last_value(sequence::pg_catalog.regclass)::pg_catalog.text
      from (values ${columns}) as c(name)
        cross join lateral (select pg_catalog.pg_get_serial_sequence(${quoteLiteral(quoteTable(table))}, name)) as s(sequence)
      where case when sequence is not null then pg_catalog.has_sequence_privilege(sequence, 'select') else false end`)
    const rows = set?.rows ?? []
    found.push(rows.flatMap(([column, last]) => (last === null ? [] : [{ column: column!, last: last! }])))
  }
  return found
}

/** Lets the sequence of a column go on behind a value; it never goes back. */
export async function advanceSequence(
  connection: CopyConnection,
  table: { readonly schema: string; readonly name: string },
  column: string,
  last: string,
): Promise<void> {
  const sequence = `pg_catalog.pg_get_serial_sequence(${quoteLiteral(quoteTable(table))}, ${quoteLiteral(column)})::pg_catalog.regclass`
  await connection.query(`
    select pg_catalog.setval(s.seqrelid, case when s.seqincrement > 0
      then greatest(${BigInt(last)}, pg_catalog.pg_sequence_last_value(s.seqrelid))
      else least(${BigInt(last)}, pg_catalog.pg_sequence_last_value(s.seqrelid)) end)
    from pg_catalog.pg_sequence s where s.seqrelid = ${sequence}`)
}
