import { isUtf8 } from 'node:buffer'
import { instantiateWasm } from '@exprsn/core/bytes'
import { linesWasm } from '../line/lines.wasm.ts'
import type { ColumnBuilder } from './column-builder.ts'
import type { Skeleton } from './skeleton-table.ts'

/** See `wasm/lines.ts` of the package. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  read(at: number, end: number, most: number, row: number, formCount: number, verified: number): number
  texts(entry: number, end: number, isBare: number): number
  integers(entry: number, end: number): number
}

/** Lines and bytes that it takes at once: what it writes of them stays in a processor's cache. */
export const [mostLines, mostBytes] = [512, 256 * 1_024]

/** Where things stand in its memory. */
const place = {
  ...{ order: 512, results: 544, listEnds: 1_024, forms: 2_048, pieces: 4_096, pieceBytes: 40_960, lines: 106_496 },
  ...{ lists: 131_072, rows: 3_276_800, integers: 3_280_896, input: 3_297_280, text: 3_825_664 },
} as const
const [lineBytes, listBytes, entryBytes] = [24, 24_576, 12]
/** What there is room for. */
const [mostForms, mostHoles, mostColumns, mostPieceBytes] = [32, 64, 128, 65_536 - 16]
/** Values of one line that share a column. */
const mostShared = listBytes / entryBytes / mostLines

/**
 * Takes lines of forms that it has learned apart in WebAssembly, several hundred at once, in a third of the time. It stops at
 * others; they are taken apart one by one.
 */
export class LineKernel {
  readonly #exports: Exports
  readonly #bytes: Uint8Array
  readonly #words: Int32Array
  readonly #rows: Uint16Array
  readonly #numbers: Float64Array
  #owner: object | undefined
  #skeletons: Skeleton[] = []
  #columns: ColumnBuilder[] = []
  #pieces = 0
  #pieceBytes = 0
  #verified = 0
  #end = 0

  /** Undefined where the machine cannot run it. */
  static create(module: string = linesWasm): LineKernel | undefined {
    const exports = instantiateWasm<Exports>(module)
    return exports === undefined ? undefined : new LineKernel(exports)
  }

  private constructor(exports: Exports) {
    const { buffer } = exports.memory
    this.#exports = exports
    this.#bytes = new Uint8Array(buffer)
    this.#words = new Int32Array(buffer)
    this.#rows = new Uint16Array(buffer, place.rows, listBytes / entryBytes)
    this.#numbers = new Float64Array(buffer)
  }

  /** Lines that were read by {@link read}. */
  get count(): number {
    return this.#words[place.results / 4]!
  }

  /** Turns to the packed lines from `start` to before `end`, no more than {@link mostBytes}. Forms are those of one owner. */
  show(owner: object, bytes: Uint8Array, start: number, end: number): void {
    if (owner !== this.#owner) this.#forget()
    this.#owner = owner
    this.#bytes.set(bytes.subarray(start, end), place.input)
    this.#end = place.input + end - start
    this.#verified = 0
  }

  /** Knows lines of a skeleton from now on. */
  learn(skeleton: Skeleton): void {
    const { columns, form, timeHoles } = skeleton
    const { pieces, offsets, texts, isWide } = form
    const count = columns.length
    if (this.#skeletons.includes(skeleton)) return
    if (count > mostHoles || pieces.length > mostPieceBytes || !isShared(columns)) return
    const added = columns.filter((column, hole) => !this.#columns.includes(column) && columns.indexOf(column) === hole)
    if (
      this.#skeletons.length === mostForms ||
      this.#columns.length + added.length > mostColumns ||
      this.#pieceBytes + pieces.length > mostPieceBytes
    )
      this.#forget()
    for (const column of columns) {
      if (this.#columns.includes(column)) continue
      this.#words[place.listEnds / 4 + this.#columns.length] = place.lists + this.#columns.length * listBytes
      this.#columns.push(column)
    }
    const words = this.#words
    const firstPiece = place.pieces + 16 * this.#pieces
    const firstByte = place.pieceBytes + this.#pieceBytes
    this.#bytes.set(pieces, firstByte)
    for (let hole = 0; hole <= count; hole++) {
      const from = offsets[hole]!
      const list = hole === count ? 0 : place.listEnds + 4 * this.#columns.indexOf(columns[hole]!)
      words.set([firstByte + from, offsets[hole + 1]! - from, texts[hole] ?? 0, list], firstPiece / 4 + 4 * hole)
    }
    const number = this.#skeletons.push(skeleton) - 1
    words.set([firstPiece, count, isWide ? 1 : 0, timeHoles[0] ?? -1], place.forms / 4 + 4 * number)
    this.#bytes.copyWithin(place.order + 1, place.order, place.order + number)
    this.#bytes[place.order] = number
    this.#pieces += count + 1
    this.#pieceBytes += pieces.length
  }

  /** Reads lines from `offset` of those shown on, into rows from `row` on. Returns where it stopped. */
  read(offset: number, row: number): number {
    const { read } = this.#exports
    const formCount = this.#skeletons.length
    return read(place.input + offset, this.#end, mostLines, row, formCount, this.#verified) - place.input
  }

  /** Whether it stopped at a line because it did not know that it is UTF-8, and knows now. */
  verify(offset: number): boolean {
    if (this.#words[place.results / 4 + 1] === 0) return false
    const from = place.input + offset
    let at = from
    while (at < this.#end) {
      const next = at + 4 + new DataView(this.#bytes.buffer, at, 4).getInt32(0, true)
      if (!isUtf8(this.#bytes.subarray(at + 4, next))) break
      at = next
    }
    this.#verified = at
    return at > from
  }

  /** Of a line that was read. */
  skeletonOf(line: number): Skeleton {
    return this.#skeletons[this.#words[(place.lines + line * lineBytes) / 4]!]!
  }

  /** Length of a line that was read. */
  lengthOf(line: number): number {
    return this.#words[(place.lines + line * lineBytes) / 4 + 1]!
  }

  /** What the first value of a line that may say its time is, as an integer; −1 where it is none. */
  integerOf(line: number): number {
    return this.#numbers[(place.lines + line * lineBytes) / 8 + 2]!
  }

  /** Adds the values of all lines that were read to their columns. */
  takeValues(): void {
    for (let index = 0; index < this.#columns.length; index++) {
      const list = place.lists + index * listBytes
      const end = this.#words[place.listEnds / 4 + index]!
      if (end === list) continue
      this.#words[place.listEnds / 4 + index] = list
      this.#take(this.#columns[index]!, list, end)
    }
  }

  #take(column: ColumnBuilder, list: number, end: number): void {
    let entry = list
    while (entry < end) {
      const next = this.#takeMany(column, entry, end)
      if (next > entry) {
        entry = next
        continue
      }
      const at = entry / 4
      column.add(this.#bytes, this.#words[at]!, this.#words[at + 1]!, this.#words[at + 2]!, false)
      entry += entryBytes
    }
  }

  /** Adds as many values as the column keeps in the way it does now; returns the entry behind them. */
  #takeMany(column: ColumnBuilder, entry: number, end: number): number {
    const { texts, integers } = this.#exports
    if (column.mode === 'text') {
      const textEnd = texts(entry, end, column.kind === 'bare' ? 1 : 0)
      column.addTexts(this.#bytes.subarray(place.text, textEnd), this.#rows.subarray(0, (end - entry) / entryBytes))
      return end
    }
    if (column.mode !== 'integers') return entry
    const next = integers(entry, end)
    const count = (next - entry) / entryBytes
    const from = place.integers / 8
    column.addIntegers(this.#numbers.subarray(from, from + count), this.#rows.subarray(0, count))
    return next
  }

  #forget(): void {
    this.#skeletons = []
    this.#columns = []
    this.#pieces = 0
    this.#pieceBytes = 0
  }
}

/** Whether no column has more values of a line than its list has room for. */
function isShared(columns: readonly ColumnBuilder[]): boolean {
  return columns.every((column) => columns.filter((other) => other === column).length <= mostShared)
}

let kernel: LineKernel | undefined
let isTried = false

/** The one of this thread. */
export function lineKernel(): LineKernel | undefined {
  if (!isTried) kernel = LineKernel.create()
  isTried = true
  return kernel
}
