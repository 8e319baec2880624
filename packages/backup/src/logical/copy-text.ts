/** The byte between two fields of a row in COPY's text format. */
export const fieldEnd = 0x09
/** The byte after each row. */
export const rowEnd = 0x0a

const backslash = 0x5c
const letterN = 0x4e

/**
 * The fields of one row as PostgreSQL writes it, its end left off: views into the row, still escaped.
 * The format: https://www.postgresql.org/docs/current/sql-copy.html, "Text Format".
 */
export function splitRow(row: Buffer): Buffer[] {
  const fields: Buffer[] = []
  const end = row.at(-1) === rowEnd ? row.length - 1 : row.length
  for (let from = 0; ;) {
    // A tab that belongs to a value is written as two other characters.
    const tab = row.indexOf(fieldEnd, from)
    if (tab === -1) {
      fields.push(row.subarray(from, end))
      return fields
    }
    fields.push(row.subarray(from, tab))
    from = tab + 1
  }
}

/** The value of a field; null for NULL. */
export function decodeField(field: Buffer): string | null {
  const first = field.indexOf(backslash)
  if (first === -1) return field.toString('utf8')
  if (field.length === 2 && field[1] === letterN) return null
  return field.toString('utf8').replaceAll(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter)
}

/** A field for a value. */
export function encodeField(value: string | null): string {
  return value === null
    ? String.raw`\N`
    : value.replaceAll(/[\\\b\f\n\r\t\v]/g, (character) => `\\${letters[character] ?? character}`)
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }
const letters: Readonly<Record<string, string>> = {
  '\b': 'b',
  '\f': 'f',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\v': 'v',
}
