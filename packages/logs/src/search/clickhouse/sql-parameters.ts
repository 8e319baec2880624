/** Parameters of a statement: no text of a query ever stands in the SQL. */
export class SqlParameters {
  readonly #values: string[] = []

  /** What stands in the SQL for a text. */
  text(value: string): string {
    return `{p${this.#values.push(escaped(value)) - 1}:String}`
  }

  /** What stands in the SQL for a number. */
  number(value: number): string {
    return `{p${this.#values.push(String(value)) - 1}:Float64}`
  }

  /** For the URL of the request. */
  get query(): Record<string, string> {
    return Object.fromEntries(this.#values.map((value, index) => [`param_p${index}`, value]))
  }
}

/** Values of parameters are read as fields of TSV are. */
function escaped(value: string): string {
  return value.replace(/[\\\t\n\r\0\b\f']/g, (unit) => escapes[unit]!)
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  "'": "\\'",
}
