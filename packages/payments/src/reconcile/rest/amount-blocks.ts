import type { RestTable } from './rest-table.ts'

/** Rows of one amount, of either side; both ascend. */
export interface RowBlock {
  readonly lefts: number[]
  readonly rights: number[]
}

/** Rows by their amounts: an open-addressing table of chains. */
export class AmountBlocks {
  readonly #table: Pick<RestTable, 'isOurs' | 'amounts'>
  /** Number of the amount plus one, as in the chains: 0 is none. */
  readonly #slots: Int32Array
  readonly #amounts: Float64Array
  /** The first row of each amount, of either side, and the next row of each. */
  readonly #lefts: Int32Array
  readonly #rights: Int32Array
  readonly #nexts: Int32Array
  #count = 0

  /** @param most how many rows may come */
  constructor(table: Pick<RestTable, 'isOurs' | 'amounts'>, most: number) {
    let slots = 64
    while (slots < 2 * most) slots *= 2
    this.#table = table
    this.#slots = new Int32Array(slots)
    this.#amounts = new Float64Array(most)
    this.#lefts = new Int32Array(most)
    this.#rights = new Int32Array(most)
    this.#nexts = new Int32Array(table.amounts.length)
  }

  /** Takes a row; the last one comes first. */
  add(row: number): void {
    const number = this.#numberOf(this.#table.amounts[row]!)
    const firsts = this.#table.isOurs[row] === 1 ? this.#lefts : this.#rights
    this.#nexts[row] = firsts[number]!
    firsts[number] = row + 1
  }

  /** Blocks of amounts that both sides have. */
  *both(): Generator<RowBlock> {
    for (let number = 0; number < this.#count; number++) {
      const [left, right] = [this.#lefts[number]!, this.#rights[number]!]
      if (left !== 0 && right !== 0) yield { lefts: this.#chain(left), rights: this.#chain(right) }
    }
  }

  #numberOf(amount: number): number {
    const [slots, amounts] = [this.#slots, this.#amounts]
    let slot = (Math.imul(amount, 0x9e3779b1) >>> 8) & (slots.length - 1)
    for (; slots[slot] !== 0; slot = (slot + 1) & (slots.length - 1))
      if (amounts[slots[slot]! - 1] === amount) return slots[slot]! - 1
    amounts[this.#count] = amount
    slots[slot] = ++this.#count
    return this.#count - 1
  }

  #chain(first: number): number[] {
    const rows: number[] = []
    for (let next = first; next !== 0; next = this.#nexts[next - 1]!) rows.push(next - 1)
    return rows
  }
}
