import { instantiateWasm } from '@exprsn/core/bytes'
import type { Currencies } from './currencies.ts'
import { addTotals, type RowTotals } from './row-totals.ts'
import type { OpenMovements } from './open-movements.ts'
import { rowsWasm } from './rows.wasm.ts'
import { pieceLength, type ReadMany, type ScanPieces } from './scan-rows.ts'

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  read(at: number, stop: number, end: number, base: number): number
}

/** Words of its memory where settings, results and tuples stand, and the byte where rows do; see `wasm/rows.ts` of the package. */
const [settings, results, tuples, input] = [0, 16, 1_024, 139_264]
const mostFields = 200
/** Places beyond are told by more than 32 bits. */
const farthest = 0x1_0000_0000

/** What {@link RowsKernel.reader} does with rows. */
export interface RowsTaken {
  readonly side: 'left' | 'right'
  readonly totals: RowTotals
  /** Told of the words of tuples, as `RowTuples` has them; they are overwritten afterwards. */
  readonly onTuples: (words: Int32Array) => void
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

  /** Undefined where the machine cannot run it. */
  static create(module: string = rowsWasm): RowsKernel | undefined {
    const exports = instantiateWasm<Exports>(module)
    return exports === undefined ? undefined : new RowsKernel(exports)
  }

  private constructor(exports: Exports) {
    const { buffer } = exports.memory
    this.#exports = exports
    this.#words = new Int32Array(buffer)
    this.pieces = [new Uint8Array(buffer, input, pieceLength), new Uint8Array(buffer, input + pieceLength, pieceLength)]
  }

  /** A reader of the rows of a file; undefined when currencies stand in them, or more fields than it takes. */
  reader(source: OpenMovements, currencies: Currencies, { side, totals, onTuples }: RowsTaken): ReadMany | undefined {
    const { separator, width, fields, mark, currency } = source
    if (currency === undefined || width > mostFields) return undefined
    const number = currencies.numberOf(currency)
    const isOurs = side === 'left'
    const [words, { read }] = [this.#words, this.#exports]
    const ofSource = Int32Array.of(
      ...[separator, 4 * (width - 1), 2 * fields.key, 2 * fields.amount, 2 * fields.date],
      ...[mark, currencies.exponentOf(number), number << 8, isOurs ? 0 : -1],
    )
    return ({ byteOffset }, { base, at, stop, end }) => {
      if (base + end > farthest) return at
      words.set(ofSource, settings)
      const stopped = read(byteOffset + at, byteOffset + stop, byteOffset + end, (base - byteOffset) | 0)
      const [used, rows, newestDay] = [words[results]!, words[results + 1]!, words[results + 2]!]
      if (rows > 0) {
        const fingerprint = words.subarray(results + 3, results + 5)
        addTotals(totals, { ours: isOurs ? rows : 0, gateway: isOurs ? 0 : rows, newestDay, fingerprint })
        onTuples(words.subarray(tuples, tuples + used / 4))
      }
      return stopped - byteOffset
    }
  }
}
