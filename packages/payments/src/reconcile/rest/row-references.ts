import { shortestPart } from '../match/match-blocks.ts'
import { isSameText } from './compare-bytes.ts'
import { spanAt, spanWidth } from './rest-rows.ts'
import type { RestTable } from './rest-table.ts'
import type { RowNumbers } from './row-numbers.ts'
import { TextNumbers } from './text-numbers.ts'

/** The references of rows, by number. */
export class RowReferences {
  readonly #table: RestTable
  readonly #texts: RowNumbers
  readonly #numbers: Int32Array
  /** Of the few rows that are asked for them. */
  readonly #beginnings: TextNumbers

  constructor(table: RestTable, numbers: RowNumbers) {
    this.#table = table
    this.#texts = numbers
    this.#numbers = numbers.references
    this.#beginnings = new TextNumbers(table.bytes, 0)
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
    return this.#texts.ends[word]! - this.#texts.starts[word]!
  }

  /** What long references begin with, each once. */
  beginningsOf(row: number): readonly number[] {
    const { tokens } = this.#table
    const found: number[] = []
    for (let at = this.#first(row); at < this.#end(row); at++) {
      if (this.#length(at) < shortestPart) continue
      const number = this.#beginnings.numberOf(tokens[2 * at]!, tokens[2 * at]! + shortestPart)
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
