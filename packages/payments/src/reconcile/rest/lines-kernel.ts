import type { Hash } from 'node:crypto'
import { constants } from './line-constants.ts'
import { linesWasm } from './lines.wasm.ts'
import type { PairColumns } from './report-lines.ts'
import type { RestTable } from './rest-table.ts'
import { instantiateOver } from './rows-memory.ts'

interface Exports {
  readonly out: { value: number }
  readonly limit: { value: number }
  rows(...addresses: readonly number[]): void
  pairs(...addresses: readonly number[]): void
  items(row: number, to: number): number
  matches(row: number, to: number): number
  open(row: number, to: number, asOf: number): number
}

/** Bytes of the table of constant texts, and with the texts themselves; a gateway's name is short. */
const [tableBytes, constantBytes] = [512, 4_096]

/** Writes lines of rows into a hash in WebAssembly, over the memory that the rows stand in. */
export class LinesKernel {
  readonly #exports: Exports
  readonly #stage: Uint8Array
  readonly #hash: Hash

  /** Undefined where the machine cannot run it. */
  static create(table: RestTable, gateway: string, hash: Hash, module: string = linesWasm): LinesKernel | undefined {
    const exports = table.memory && instantiateOver<Exports>(table.memory, module)
    return exports && new LinesKernel(exports, table, gateway, hash)
  }

  private constructor(exports: Exports, table: RestTable, gateway: string, hash: Hash) {
    const texts = constants(gateway).map((text) => Buffer.from(text))
    const { stage, bytes, spans, tokens, amounts, currencies, days, isOurs } = table
    this.#exports = exports
    this.#stage = stage
    this.#hash = hash
    const places = new Uint32Array(stage.buffer, stage.byteOffset, 2 * texts.length)
    let to = tableBytes
    for (const [at, text] of texts.entries()) {
      stage.set(text, to)
      places.set([stage.byteOffset + to, stage.byteOffset + to + text.length], 2 * at)
      to += text.length
    }
    exports.rows(
      ...[bytes, spans, tokens, amounts, currencies, days, isOurs, stage].map(({ byteOffset }) => byteOffset),
    )
    exports.limit.value = stage.byteOffset + stage.length
    exports.out.value = this.#begin
  }

  /** What {@link matches} and {@link open} tell of. */
  pairs({ partners, rules, words, states }: PairColumns, starts: Uint32Array, ends: Uint32Array): void {
    this.#exports.pairs(...[partners, rules, words, states, starts, ends].map(({ byteOffset }) => byteOffset))
  }

  /** Writes the lines of rows from one to before another; what does not fit is written by `plain`. */
  items(from: number, to: number, plain: (row: number) => void): void {
    this.#write(from, to, (row) => this.#exports.items(row, to), plain)
  }

  /** The lines of pairs whose own row is among these. */
  matches(from: number, to: number, plain: (row: number) => void): void {
    this.#write(from, to, (row) => this.#exports.matches(row, to), plain)
  }

  /** The lines of those of these rows that are open. */
  open(from: number, to: number, asOf: number, plain: (row: number) => void): void {
    this.#write(from, to, (row) => this.#exports.open(row, to, asOf), plain)
  }

  /** Hashes what was written. */
  flush(): void {
    const { out } = this.#exports
    this.#hash.update(this.#stage.subarray(this.#begin - this.#stage.byteOffset, out.value - this.#stage.byteOffset))
    out.value = this.#begin
  }

  #write(from: number, to: number, write: (row: number) => number, plain: (row: number) => void): void {
    for (let row = from; (row = write(row)) < to;) {
      const isEmpty = this.#exports.out.value === this.#begin
      this.flush()
      if (isEmpty) plain(row++)
    }
  }

  get #begin(): number {
    return this.#stage.byteOffset + constantBytes
  }
}
