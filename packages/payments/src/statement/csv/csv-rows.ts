import { statementErrors } from '../errors.ts'

/** A row of a CSV file. */
export interface CsvRow {
  readonly fields: readonly string[]
  /** The line it begins at, from 1. */
  readonly line: number
}

const longestField = 65_536
const mostFields = 1_000

/** Parts text into rows as RFC 4180 has them, wherever the pieces are parted. A quote within an unquoted field is itself. */
export class CsvRows {
  readonly #separator: string
  #fields: string[] = []
  #field = ''
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start'
  #line = 1
  #begin = 1
  #isReturn = false

  constructor(separator: string) {
    this.#separator = separator
  }

  push(text: string): CsvRow[] {
    const rows: CsvRow[] = []
    for (const character of text) {
      if (this.#state === 'quoted') {
        if (character === '"') this.#state = 'quote'
        else this.#append(character)
        if (character === '\n') this.#line++
        continue
      }
      const isFeed = character === '\n'
      if (isFeed && this.#isReturn) {
        this.#isReturn = false
        continue
      }
      this.#isReturn = character === '\r'
      if (character === this.#separator) this.#endField()
      else if (isFeed || this.#isReturn) this.#endRow(rows)
      else if (character === '"' && this.#state !== 'plain') {
        // Two quotes within a quoted field are one.
        if (this.#state === 'quote') this.#append('"')
        this.#state = 'quoted'
      } else if (this.#state === 'quote') throw this.#invalid('text behind a closing quote')
      else {
        this.#state = 'plain'
        this.#append(character)
      }
    }
    return rows
  }

  end(): CsvRow[] {
    if (this.#state === 'quoted') throw this.#invalid('the file ends within quotes')
    const rows: CsvRow[] = []
    if (this.#fields.length > 0 || this.#state !== 'start') this.#endRow(rows)
    return rows
  }

  #append(character: string): void {
    this.#field += character
    if (this.#field.length > longestField) throw this.#invalid(`a field is longer than ${longestField} characters`)
  }

  #endField(): void {
    this.#fields.push(this.#field)
    this.#field = ''
    this.#state = 'start'
    if (this.#fields.length > mostFields) throw this.#invalid(`a row has more than ${mostFields} fields`)
  }

  #endRow(rows: CsvRow[]): void {
    const isEmpty = this.#fields.length === 0 && this.#state === 'start'
    this.#endField()
    if (!isEmpty) rows.push({ fields: this.#fields, line: this.#begin })
    this.#fields = []
    this.#line++
    this.#begin = this.#line
  }

  #invalid(reason: string) {
    return statementErrors.PAYMENTS_STATEMENT_INVALID({ format: 'csv', place: `line ${this.#line}`, reason })
  }
}
