/**
 * Texts that are decoded when they are first asked for: of most blocks only some are needed.
 *
 * @example
 * ```ts
 * import { TextPool } from '@exprsn/geo/osm'
 *
 * console.log(new TextPool(Int32Array.of(0, 3, 7), new TextEncoder().encode('keyname')).at(1)) // name
 * ```
 */
export class TextPool {
  /** Text n are the bytes from `first[n]` up to `first[n + 1]`, UTF-8. */
  readonly first: Int32Array
  readonly bytes: Uint8Array
  readonly #buffer: Buffer
  readonly #decoded: (string | undefined)[]

  constructor(first: Int32Array, bytes: Uint8Array) {
    this.first = first
    this.bytes = bytes
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#decoded = new Array<string | undefined>(first.length - 1)
  }

  /** How many texts there are. */
  get length(): number {
    return this.#decoded.length
  }

  /** The text at a place; what is not UTF-8 in it becomes U+FFFD. */
  at(place: number): string {
    return (this.#decoded[place] ??= this.#buffer.toString('utf8', this.first[place], this.first[place + 1]))
  }
}
