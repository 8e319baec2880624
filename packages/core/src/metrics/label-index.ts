import { LabelTable, mostTableLabels } from './label-table.ts'

/** What a label may be set to. Numbers and booleans count as their text. */
export type LabelValue = string | number | boolean

/** A value for each label of an instrument. */
export type LabelValues<Name extends string = string> = { readonly [Label in Name]: LabelValue }

type Node<Series> = Map<unknown, Node<Series> | Series>

/** Longer values are not made a series of: a few of them could fill the memory. */
const longestValue = 1_024

/**
 * Finds the series of a set of labels: one map for each label, the series in the last ones, and a table in front of them
 * as long as the labels are few and their values combine well. Nothing is concatenated or hashed beyond what the strings
 * carry already, which is what makes a lookup of three labels take tens of nanoseconds.
 */
export class LabelIndex<Series> {
  readonly #names: readonly string[]
  readonly #first: string
  readonly #second: string
  readonly #third: string
  readonly #root: Node<Series> = new Map()
  #table: LabelTable<Series> | undefined
  readonly #create: (values: readonly string[]) => Series
  readonly #limit: number
  readonly #all: Series[] = []
  #overflow: Series | undefined

  /** `create` is called with the values in the order of `names`; with none for the overflow series. */
  constructor(names: readonly string[], limit: number, create: (values: readonly string[]) => Series) {
    this.#names = names
    ;[this.#first = '', this.#second = '', this.#third = ''] = names
    this.#limit = limit
    this.#create = create
    this.#table = this.#newTable()
  }

  /** Every series in the order of its first use, without the one for overflow. Grows while it is being read. */
  get all(): readonly Series[] {
    return this.#all
  }

  /** Where combinations beyond the limit are added up; undefined until there is one. */
  get overflow(): Series | undefined {
    return this.#overflow
  }

  /**
   * The series of these labels, made on first use; undefined when there is no room for another one.
   *
   * Short, and only values of `labels` are handed on: the engine then inlines it, and an object that was made for one
   * observation need not be made at all.
   */
  find(labels: Readonly<Record<string, unknown>>): Series | undefined {
    const table = this.#table
    if (table === undefined) return this.#findInMaps(labels)
    const count = this.#names.length
    const first = labels[this.#first]
    const second = count > 1 ? labels[this.#second] : undefined
    const third = count > 2 ? labels[this.#third] : undefined
    return table.find(first, second, third) ?? this.#resolve([first, second, third])
  }

  /** The series that takes what {@link find} has no room for. */
  spill(): Series {
    this.#overflow ??= this.#create([])
    return this.#overflow
  }

  /** Forgets all series. */
  clear(): void {
    this.#root.clear()
    this.#table = this.#newTable()
    this.#all.length = 0
    this.#overflow = undefined
  }

  #newTable(): LabelTable<Series> | undefined {
    const count = this.#names.length
    return count === 0 || count > mostTableLabels ? undefined : new LabelTable(count)
  }

  #findInMaps(labels: Readonly<Record<string, unknown>>): Series | undefined {
    let node: Node<Series> | Series | undefined = this.#root
    for (const name of this.#names) {
      node = (node as Node<Series>).get(labels[name])
      if (node === undefined) return this.#resolve(this.#names.map((each) => labels[each]))
    }
    return node as Series
  }

  /**
   * By text, so that 200 and '200' are one series; the value as it came is then an alias that is found at once. In one
   * piece, which is more than the engine inlines: what it may inline is left to the observations after the first.
   */
  #resolve(given: readonly unknown[]): Series | undefined {
    const values = given.slice(0, this.#names.length).map(labelText)
    const known = this.#lookUp(values)
    const series = known ?? this.#add(values)
    if (series === undefined) return undefined
    let node: Node<Series> | Series = this.#root
    for (const [level, value] of values.entries()) {
      const next: Node<Series> | Series = (node as Node<Series>).get(value)!
      const key = given[level]
      // A number or boolean has one text only, so there are at most three entries for each text.
      if (typeof key === 'number' || typeof key === 'boolean') (node as Node<Series>).set(key, next)
      node = next
    }
    // From its second use on: what an observer sets anew for each collection is used once.
    if (known !== undefined && this.#table?.add(values, given, series) === false) this.#table = undefined
    return series
  }

  #lookUp(values: readonly string[]): Series | undefined {
    let node: Node<Series> | Series | undefined = this.#root
    for (const value of values) {
      node = (node as Node<Series>).get(value)
      if (node === undefined) return undefined
    }
    return node as Series
  }

  #add(values: readonly string[]): Series | undefined {
    if (this.#all.length >= this.#limit || values.some(({ length }) => length > longestValue)) return undefined
    const series = this.#create(values)
    let node = this.#root
    for (const value of values.slice(0, -1)) {
      const next = (node.get(value) as Node<Series> | undefined) ?? new Map()
      node.set(value, next)
      node = next
    }
    node.set(values.at(-1), series)
    this.#all.push(series)
    return series
  }
}

/** A label that is missing, or set to what no label can be, is empty: an instrument never throws at its user. */
function labelText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : ''
}
