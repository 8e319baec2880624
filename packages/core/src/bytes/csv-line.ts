/**
 * A record of a CSV file (RFC 4180), its line break included. Spreadsheets run what begins like a formula (OWASP, "CSV Injection"):
 * a text that does, and is no number, gets an apostrophe.
 *
 * @example
 * ```ts
 * import { csvLine } from '@exprsn/core/bytes'
 *
 * console.log(JSON.stringify(csvLine(['api, v2', -3, '=1+1', null]))) // "\"api, v2\",-3,'=1+1,\r\n"
 * ```
 */
export function csvLine(cells: readonly (string | number | bigint | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string | number | bigint | null): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value === null) return ''
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
