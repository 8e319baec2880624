/** What a label may be set to. Numbers and booleans count as their text. */
export type LabelValue = string | number | boolean

/** A value for each label of an instrument. */
export type LabelValues<Name extends string = string> = { readonly [Label in Name]: LabelValue }

type Node<Series> = Map<unknown, Node<Series> | Series>

/** Longer values are not made a series of: a few of them could fill the memory. */
const longestValue = 1_024

/**
 * Finds the series of a set of labels: one map for each label, the series in the last ones. Nothing is concatenated or
 * hashed beyond what the strings carry already, which is what makes a lookup of three labels take tens of nanoseconds.
 */
export class LabelIndex<Series> {
  readonly #names: readonly string[]
  readonly #first: string
  readonly #second: string
  readonly #third: string
  readonly #root: Node<Series> = new Map()
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
  }

  /** Every series in the order of its first use, without the one for overflow. Grows while it is being read. */
  get all(): readonly Series[] {
    return this.#all
  }

  /** Where combinations beyond the limit are added up; undefined until there is one. */
  get overflow(): Series | undefined {
    return this.#overflow
  }

  /** The series of these labels, made on first use; undefined when there is no room for another one. */
  find(labels: Readonly<Record<string, unknown>>): Series | undefined {
    const first = this.#root.get(labels[this.#first])
    if (first === undefined) return this.#resolve(labels)
    // Written out for up to three labels, which is a quarter faster than the loop that handles any number.
    const count = this.#names.length
    if (count === 1) return first as Series
    const second = (first as Node<Series>).get(labels[this.#second])
    if (second === undefined) return this.#resolve(labels)
    if (count === 2) return second as Series
    const third = (second as Node<Series>).get(labels[this.#third])
    if (third === undefined) return this.#resolve(labels)
    return count === 3 ? (third as Series) : this.#findDeep(labels, third as Node<Series>)
  }

  /** The series that takes what {@link find} has no room for. */
  spill(): Series {
    this.#overflow ??= this.#create([])
    return this.#overflow
  }

  /** Forgets all series. */
  clear(): void {
    this.#root.clear()
    this.#all.length = 0
    this.#overflow = undefined
  }

  #findDeep(labels: Readonly<Record<string, unknown>>, third: Node<Series>): Series | undefined {
    const names = this.#names
    let node: Node<Series> | Series | undefined = third
    for (let level = 3; level < names.length; level++) {
      node = (node as Node<Series>).get(labels[names[level]!])
      if (node === undefined) return this.#resolve(labels)
    }
    return node as Series
  }

  /** By text, so that 200 and '200' are one series; the value as it came is then an alias that is found at once. */
  #resolve(labels: Readonly<Record<string, unknown>>): Series | undefined {
    const given = this.#names.map((name) => labels[name])
    const values = given.map(labelText)
    const series = this.#lookUp(values) ?? this.#add(values)
    if (series !== undefined) this.#alias(given, values)
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

  /** A number or boolean has one text only, so there are at most three entries for each text. */
  #alias(given: readonly unknown[], values: readonly string[]): void {
    let node: Node<Series> | Series = this.#root
    for (const [level, value] of values.entries()) {
      const next: Node<Series> | Series = (node as Node<Series>).get(value)!
      const key = given[level]
      if (typeof key === 'number' || typeof key === 'boolean') (node as Node<Series>).set(key, next)
      node = next
    }
  }
}

/** A label that is missing, or set to what no label can be, is empty: an instrument never throws at its user. */
function labelText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : ''
}
