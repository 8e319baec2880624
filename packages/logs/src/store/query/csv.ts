import { csvLine } from '@exprsn/core/bytes'
import type { Row } from './aggregate.ts'

/**
 * A table as RFC 4180 has it, line by line, the names of the columns first. What a spreadsheet would run gets an apostrophe.
 *
 * @example
 * ```ts
 * import { toCsv } from '@exprsn/logs/store'
 *
 * const rows = [{ service: 'api, v2', count: 3 }]
 * console.log(JSON.stringify([...toCsv(['service', 'count'], rows)])) // ["service,count\r\n","\"api, v2\",3\r\n"]
 * ```
 */
export function* toCsv(columns: readonly string[], rows: Iterable<Row>): Generator<string> {
  yield csvLine(columns)
  for (const row of rows) yield csvLine(columns.map((name) => row[name] ?? null))
}
