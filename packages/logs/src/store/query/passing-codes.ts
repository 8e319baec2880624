import type { ColumnLayout } from '../segment/layout.ts'
import type { MatchLeaf } from './compile-filter.ts'

/** Which of the values that blocks name by codes pass a test; found out when the first block with such a column is asked. */
export class PassingCodes {
  readonly #leaf: MatchLeaf
  readonly #columns: readonly ColumnLayout[]
  readonly #known = new Map<number, Uint8Array | undefined>()

  constructor(leaf: MatchLeaf, columns: readonly ColumnLayout[]) {
    this.#leaf = leaf
    this.#columns = columns
  }

  /** By code, 1 for a value that passes; undefined where none of the column does. */
  get(column: number): Uint8Array | undefined {
    if (this.#known.has(column)) return this.#known.get(column)
    const { kind, values } = this.#columns[column]!
    const codes = Uint8Array.from(values, (value) => (passes(this.#leaf, value, kind === 'string') ? 1 : 0))
    const passing = codes.includes(1) ? codes : undefined
    this.#known.set(column, passing)
    return passing
  }
}

/** A value as it stands in lines. */
function passes(leaf: MatchLeaf, value: string, isString: boolean): boolean {
  if (!isString) return value !== 'null' && leaf.test(value, false)
  return leaf.test(value.includes('\\') ? (JSON.parse(`"${value}"`) as string) : value, true)
}
