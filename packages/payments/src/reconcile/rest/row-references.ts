import { shortestPart } from '../match/match-blocks.ts'
import { isSameText } from './compare-bytes.ts'
import { spanAt, spanWidth } from './rest-rows.ts'
import type { RestTable } from './rest-table.ts'
import type { TextNumbers } from './text-numbers.ts'

/** The references of some rows, by number. */
export class RowReferences {
  readonly #table: RestTable
  readonly #texts: TextNumbers
  /** Numbers of the texts of {@link RestTable.tokens}; those of other rows are not set. */
  readonly #numbers: Int32Array

  constructor(table: RestTable, texts: TextNumbers, rows: Uint32Array) {
    const { tokens } = table
    this.#table = table
    this.#texts = texts
    this.#numbers = new Int32Array(tokens.length / 2)
    for (const row of rows)
      for (let at = this.#first(row); at < this.#end(row); at++)
        this.#numbers[at] = texts.numberOf(tokens[2 * at]!, tokens[2 * at + 1]!)
  }

  /** Whether a row has references, or one that is long enough for a part of it to tell. */
  has(row: number, isLong: boolean): boolean {
    if (!isLong) return this.#first(row) < this.#end(row)
    for (let at = this.#first(row); at < this.#end(row); at++) if (this.#length(at) >= shortestPart) return true
    return false
  }

  /** In order of their texts. */
  of(row: number): Int32Array {
    return this.#numbers.subarray(this.#first(row), this.#end(row))
  }

  lengthOf(word: number): number {
    return this.#texts.endOf(word) - this.#texts.startOf(word)
  }

  /** What long references begin with, each once. */
  beginningsOf(row: number): readonly number[] {
    const { tokens } = this.#table
    const found: number[] = []
    for (let at = this.#first(row); at < this.#end(row); at++) {
      if (this.#length(at) < shortestPart) continue
      const number = this.#texts.numberOf(tokens[2 * at]!, tokens[2 * at]! + shortestPart)
      if (!found.includes(number)) found.push(number)
    }
    return found
  }

  /** A reference that both have; -1 if none. */
  common(left: number, right: number): number {
    const numbers = this.#numbers
    for (let at = this.#first(left); at < this.#end(left); at++)
      for (let other = this.#first(right); other < this.#end(right); other++)
        if (numbers[at] === numbers[other]) return numbers[at]!
    return -1
  }

  /** A reference of one that is the beginning of a reference of the other; -1 if none. */
  commonPart(left: number, right: number): number {
    const { bytes, tokens } = this.#table
    for (let at = this.#first(left); at < this.#end(left); at++)
      for (let other = this.#first(right); other < this.#end(right); other++) {
        const length = Math.min(this.#length(at), this.#length(other))
        if (length < shortestPart) continue
        const [one, second] = [tokens[2 * at]!, tokens[2 * other]!]
        if (isSameText(bytes, one, one + length, bytes, second, second + length))
          return this.#numbers[this.#length(at) === length ? at : other]!
      }
    return -1
  }

  #first(row: number): number {
    return this.#table.spans[spanWidth * row + spanAt.tokens]!
  }

  #end(row: number): number {
    return this.#table.spans[spanWidth * row + spanAt.tokens + 1]!
  }

  #length(at: number): number {
    const { tokens } = this.#table
    return tokens[2 * at + 1]! - tokens[2 * at]!
  }
}
