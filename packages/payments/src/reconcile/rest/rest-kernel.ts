import { instantiateWasm } from '@exprsn/core/bytes'
import type { Currencies } from '../files/currencies.ts'
import type { OpenMovements } from '../files/open-movements.ts'
import { pieceLength, type ScanPieces } from '../files/scan-rows.ts'
import { kinds } from './collect-tokens.ts'
import { spanWidth, type RowColumns } from './rest-rows.ts'
import { restWasm } from './rest.wasm.ts'

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  take(input: number, end: number, rows: number): void
}

/** Bytes of its memory where everything stands; see `wasm/rest.ts`. */
const at = {
  ...{ results: 64, side: 1_024, kinds: 1_280, offsets: 4_096, amounts: 8_192, days: 12_288, spans: 16_384 },
  ...{ tokens: 49_152, texts: 81_920, input: 217_088 },
} as const
const mostRows = 1_024
const mostFields = 200
const longestSide = 64

/** Takes rows that begin at places of a piece, the first of them at its beginning, as long as it can; gives how many. */
export type TakeRows = (piece: Uint8Array, places: Float64Array) => number

/**
 * Reads rows to columns in WebAssembly. It stops at rows that are not as nearly all are; they are read the plain way, which knows
 * what is wrong with them.
 */
export class RestKernel {
  /** Memory that it reads rows from. */
  readonly pieces: ScanPieces
  readonly #take: Exports['take']
  readonly #memory: ArrayBuffer

  /** Undefined where the machine cannot run it. */
  static create(module: string = restWasm): RestKernel | undefined {
    const exports = instantiateWasm<Exports>(module)
    return exports === undefined ? undefined : new RestKernel(exports)
  }

  private constructor({ memory, take }: Exports) {
    this.#take = take
    this.#memory = memory.buffer
    this.pieces = [
      new Uint8Array(memory.buffer, at.input, pieceLength),
      new Uint8Array(memory.buffer, at.input + pieceLength, pieceLength),
    ]
    new Uint8Array(memory.buffer).set(kinds, at.kinds)
  }

  /** Takes rows of a file into columns; undefined when currencies stand in them, or more fields than it takes. */
  taker(source: OpenMovements, side: Uint8Array, currencies: Currencies, columns: RowColumns): TakeRows | undefined {
    const { separator, width, fields, mark, currency } = source
    if (currency === undefined || width > mostFields || side.length > longestSide) return undefined
    const number = currencies.numberOf(currency)
    const memory = this.#memory
    const words = new Int32Array(memory)
    new Uint8Array(memory).set(side, at.side)
    words.set([
      ...[separator, 4 * (width - 1), 2 * fields.key, 2 * fields.amount, 2 * fields.date, mark],
      ...[currencies.exponentOf(number), 2 * fields.id, 2 * fields.group, 2 * fields.text, side.length],
    ])
    return ({ byteOffset, length }, places) => {
      const most = Math.min(places.length, mostRows)
      for (let row = 0; row < most; row++) words[at.offsets / 4 + row] = places[row]! - places[0]!
      words[11] = columns.used - at.texts
      words[12] = columns.tokenCount
      this.#take(byteOffset, byteOffset + length, most)
      const [rows, bytes, tokens] = words.subarray(at.results / 4) as unknown as [number, number, number]
      const taken = {
        amounts: new Int32Array(memory, at.amounts, rows),
        days: new Int32Array(memory, at.days, rows),
        spans: new Uint32Array(memory, at.spans, spanWidth * rows),
        tokens: new Uint32Array(memory, at.tokens, 2 * tokens),
        bytes: new Uint8Array(memory, at.texts, bytes),
      }
      if (rows > 0) columns.addRows(taken, number)
      return rows
    }
  }
}
