import { unsupported } from '../create-search.ts'
import { numberPattern } from '../text-pattern.ts'
import type { SqlParameters } from './sql-parameters.ts'

/** Keys of a field whose dots may stand within a key as well as between two: each one more doubles the ways to read it. */
const mostKeys = 4

/** Bodies of JSON strings that are no keys, and bare values; a key is a string with a colon behind it. */
const scalars = '"(?:[^"\\\\]|\\\\.)*"\\s*:?|[^\\s"{}\\[\\]:,]+'

/** Values of a line as arrays of texts, each worked out once a line however often it is asked for. */
export class SqlValues {
  readonly #parameters: SqlParameters
  readonly #names = new Map<string | undefined, string>()
  readonly #definitions: string[] = []

  constructor(parameters: SqlParameters) {
    this.#parameters = parameters
  }

  /** The name of an array with the values of a field, or with all. @throws `LOGS_SEARCH_UNSUPPORTED` */
  of(field: string | undefined): string {
    const known = this.#names.get(field)
    if (known !== undefined) return known
    const name = `v${this.#names.size}`
    this.#names.set(field, name)
    this.#definitions.push(`${field === undefined ? this.#allValues() : this.#valuesOf(field)} AS ${name}`)
    return name
  }

  /** The same values as numbers, where they are. */
  numbersOf(field: string): string {
    const name = `${this.of(field)}n`
    if (!this.#definitions.some((each) => each.endsWith(` AS ${name}`)))
      this.#definitions.push(
        `arrayMap(v -> toFloat64OrZero(v), arrayFilter(v -> match(v, ${this.#parameters.text(numberPattern)}), ${this.of(field)})) AS ${name}`,
      )
    return name
  }

  /** Stands before `SELECT`. */
  get definitions(): string {
    return `WITH ${[`(${isObject}) AS is_object`, ...this.#definitions].join(',\n')}`
  }

  #allValues(): string {
    const found = `extractAll(line, ${this.#parameters.text(scalars)})`
    return `if(is_object, ${texts(`arrayFilter(x -> NOT endsWith(x, ':') AND x != 'null', ${found})`)}, [line])`
  }

  #valuesOf(field: string): string {
    const keys = field.split('.')
    if (keys.length > mostKeys)
      throw unsupported('ClickHouse', `the field ${field}: it has more than ${mostKeys} keys joined by dots`)
    const ways = waysOf(keys).map((way) =>
      way.reduce((raw, key) => {
        const inner = `arrayMap(x -> JSONExtractRaw(x, ${this.#parameters.text(key)}), ${elements(raw)})`
        return `arrayFilter(x -> x != '', ${inner})`
      }, '[line]'),
    )
    const raw = elements(ways.length === 1 ? ways[0]! : `arrayConcat(${ways.join(', ')})`)
    const found = texts(`arrayFilter(x -> NOT startsWith(x, '{') AND x != 'null', ${raw})`)
    return `if(is_object, ${found}, ${field === 'msg' ? '[line]' : 'CAST([] AS Array(String))'})`
  }
}

/** Whether the line is an object of JSON; any other is text. */
const isObject = `startsWith(line, '{') AND endsWith(line, '}') AND JSONType(line) = 'Object'`

/** All keys, whichever of the dots are within one. */
function waysOf(keys: readonly string[]): string[][] {
  const [first, ...others] = keys
  if (others.length === 0) return [[first!]]
  const ways = waysOf(others)
  return [...ways.map((way) => [first!, ...way]), ...ways.map(([next, ...rest]) => [`${first!}.${next!}`, ...rest])]
}

/** Values within arrays, three deep, in the place of these. */
function elements(raw: string): string {
  let inner = raw
  for (let depth = 0; depth < 3; depth++)
    inner = `arrayFlatten(arrayMap(x -> if(startsWith(x, '['), JSONExtractArrayRaw(x), [x]), ${inner}))`
  return inner
}

/** What is meant by raw scalars of JSON: strings without their quotes and escapes, numbers as they are written. */
function texts(raw: string): string {
  return `arrayMap(x -> if(startsWith(x, '"'), JSONExtractString(x), x), ${raw})`
}
