import { instantiateWasm } from '@exprsn/core/bytes'
import { searchWasm } from './search.wasm.ts'

/** See `wasm/search.ts` of the package. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  ends(at: number, end: number, to: number, last: number): number
  find(at: number, end: number, length: number): number
}

/** Where things stand in its memory. */
const [masks, endsAt, input] = [4_096, 8_192, 270_336]
/** Bytes of a column, values in it, and bytes of what is looked for that it has room for. */
const [mostBytes, mostValues, mostSought] = [2 ** 20 - 16, 65_536, 4_096]

/**
 * Looks through the values of a column in WebAssembly, sixteen bytes at once: in a quarter of the time. It holds one column at a
 * time, and what is looked for.
 */
export class TextKernel {
  readonly #exports: Exports
  readonly #bytes: Uint8Array
  readonly #ends: Uint32Array
  #shown: Uint8Array | undefined

  /** Undefined where the machine cannot run it. */
  static create(module: string = searchWasm): TextKernel | undefined {
    const exports = instantiateWasm<Exports>(module)
    return exports === undefined ? undefined : new TextKernel(exports)
  }

  private constructor(exports: Exports) {
    this.#exports = exports
    this.#bytes = new Uint8Array(exports.memory.buffer)
    this.#ends = new Uint32Array(exports.memory.buffer, endsAt, mostValues)
  }

  /** Where each of the first values begins, and where one more would; undefined where it has no room for them. */
  offsets(text: Uint8Array, count: number): Uint32Array | undefined {
    if (count > mostValues || !this.#show(text)) return undefined
    const to = this.#exports.ends(input, input + text.length, endsAt, endsAt + 4 * count)
    const found = (to - endsAt) / 4
    if (found < count) throw new RangeError(`it holds ${found} values instead of ${count}`)
    const offsets = new Uint32Array(count + 1)
    offsets.set(this.#ends.subarray(0, count), 1)
    return offsets
  }

  /**
   * Makes a function that finds the first place from one on where something stands, -1 where there is none; with letters of ASCII
   * in either case where it says so, which are in lower case then. The function is good until the next call. Undefined where
   * there is no room.
   */
  finder(text: Uint8Array, sought: Uint8Array, foldsCase: boolean): ((from: number) => number) | undefined {
    const { length } = sought
    if (length === 0 || length > mostSought || !this.#show(text)) return undefined
    this.#bytes.set(sought, 0)
    for (let index = 0; index < length; index++)
      this.#bytes[masks + index] = foldsCase && sought[index]! >= 0x61 && sought[index]! <= 0x7a ? 0x20 : 0
    const end = input + text.length
    const { find } = this.#exports
    return (from) => {
      const at = find(input + from, end, length)
      return at === end ? -1 : at - input
    }
  }

  #show(text: Uint8Array): boolean {
    if (text.length > mostBytes) return false
    if (text !== this.#shown) {
      this.#bytes.set(text, input)
      this.#bytes.fill(0, input + text.length, input + text.length + 16)
    }
    this.#shown = text
    return true
  }
}

let shared: TextKernel | undefined | null = null

/** One for all who use it in turn, without waiting in between; undefined where the machine cannot run it. */
export function textKernel(): TextKernel | undefined {
  if (shared === null) shared = TextKernel.create()
  return shared
}
