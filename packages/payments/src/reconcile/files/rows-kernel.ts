import { instantiateWasm } from '@exprsn/core/bytes'
import type { Currencies } from './currencies.ts'
import type { OpenMovements } from './open-movements.ts'
import { addTotals, type RowTotals } from './row-totals.ts'
import type { RowTuples } from './row-tuples.ts'
import { rowsWasm } from './rows.wasm.ts'
import { pieceLength, type ReadMany, type ScanPieces } from './scan-rows.ts'

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  read(at: number, stop: number, end: number, base: number): number
}

/**
 * Words of its memory where settings, results, places of rows without a name and fills of stages stand, and bytes where rows and
 * stages do; see `wasm/rows.ts`.
 */
const [settings, results, namelessPlaces, fills, input, stages] = [0, 16, 384, 1_024, 12_288, 667_648]
const stageBytes = 4_096
const page = 65_536
const mostFields = 200
/** Places beyond are told by more than 32 bits. */
const farthest = 0x1_0000_0000

/** Parts of all shares together that a kernel has stages for. */
export const mostStages = 1_024

/** How many lists of tuples there are, and how many parts each has. */
export interface Stages {
  readonly shares: number
  /** A power of two; for all shares at most {@link mostStages}. */
  readonly parts: number
}

/** What {@link RowsKernel.reader} does with rows. */
export interface RowsTaken {
  readonly side: 'left' | 'right'
  readonly totals: RowTotals
  /** By share. Some of the rows are put there only by {@link RowsKernel.flush}, or by the reader of another file. */
  readonly tuples: readonly RowTuples[]
  /** Places of rows without a name. */
  readonly nameless: number[]
}

/**
 * Reads rows to tuples in WebAssembly, in less than half the time that `readRow` and what follows it take. It stops at rows
 * that are not as nearly all are; they are read the plain way, which knows what is wrong with them.
 */
export class RowsKernel {
  /** Memory that it reads rows from. */
  readonly pieces: ScanPieces
  readonly #exports: Exports
  readonly #words: Int32Array
  readonly #stages: Stages
  /** Where the tuples go that wait in the stages. */
  #waiting: readonly RowTuples[] = []

  /** Undefined where the machine cannot run it. */
  static create(stages: Stages, module: string = rowsWasm): RowsKernel | undefined {
    const exports = instantiateWasm<Exports>(module)
    return exports === undefined ? undefined : new RowsKernel(exports, stages)
  }

  private constructor(exports: Exports, { shares, parts }: Stages) {
    const { memory } = exports
    const bytes = stages + shares * parts * stageBytes
    memory.grow(Math.max(0, Math.ceil((bytes - memory.buffer.byteLength) / page)))
    this.#exports = exports
    this.#stages = { shares, parts }
    this.#words = new Int32Array(memory.buffer)
    this.pieces = [
      new Uint8Array(memory.buffer, input, pieceLength),
      new Uint8Array(memory.buffer, input + pieceLength, pieceLength),
    ]
    for (let stage = 0; stage < shares * parts; stage++) this.#clear(stage)
  }

  /** A reader of the rows of a file; undefined when currencies stand in them, or more fields than it takes. */
  reader(
    source: OpenMovements,
    currencies: Currencies,
    { side, totals, tuples, nameless }: RowsTaken,
  ): ReadMany | undefined {
    const { separator, width, fields, mark, currency } = source
    if (currency === undefined || width > mostFields) return undefined
    const number = currencies.numberOf(currency)
    const isOurs = side === 'left'
    const [words, { read }] = [this.#words, this.#exports]
    const { parts, shares } = this.#stages
    const ofSource = Int32Array.of(
      ...[separator, 4 * (width - 1), 2 * fields.key, 2 * fields.amount, 2 * fields.date],
      ...[mark, currencies.exponentOf(number), number << 8, isOurs ? 0 : -1, parts, shares],
    )
    return ({ byteOffset }, { base, at, stop, end }) => {
      if (base + end > farthest) return at
      if (this.#waiting !== tuples) this.flush()
      this.#waiting = tuples
      words.set(ofSource, settings)
      words.fill(0, results, results + 6)
      let stopped = byteOffset + at
      do {
        stopped = read(stopped, byteOffset + stop, byteOffset + end, (base - byteOffset) | 0)
        if (words[results]! > 0) this.#empty(words[results]! - 1)
      } while (words[results]! > 0)
      const [rows, newestDay] = [words[results + 1]!, words[results + 2]!]
      const fingerprint = words.subarray(results + 3, results + 5)
      const last = namelessPlaces + words[results + 5]! / 4
      for (let place = namelessPlaces; place < last; place++) nameless.push(words[place]! >>> 0)
      addTotals(totals, { ours: isOurs ? rows : 0, gateway: isOurs ? 0 : rows, newestDay, fingerprint })
      return stopped - byteOffset
    }
  }

  /** Puts all tuples where they go: the rows are only then all there. */
  flush(): void {
    for (let stage = 0; stage < this.#stages.shares * this.#stages.parts; stage++) this.#empty(stage)
    this.#waiting = []
  }

  #empty(stage: number): void {
    const words = this.#words
    const fill = fills + 2 * stage
    const count = words[fill + 1]!
    if (count === 0) return
    const { parts } = this.#stages
    const tuples = words.subarray(startOf(stage), words[fill]! / 4)
    this.#waiting[Math.floor(stage / parts)]!.append(stage % parts, tuples, count)
    this.#clear(stage)
  }

  #clear(stage: number): void {
    this.#words[fills + 2 * stage] = 4 * startOf(stage)
    this.#words[fills + 2 * stage + 1] = 0
  }
}

/** The word where a stage begins. */
function startOf(stage: number): number {
  return (stages + stage * stageBytes) / 4
}
