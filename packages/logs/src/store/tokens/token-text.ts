import { grown } from '../grown.ts'

/** Row of a value whose tokens are not to be indexed. */
export const noRow = 0xffff

/** Values of a block whose tokens are to be indexed. */
export interface TokenText {
  /** UTF-8, a newline behind each value. */
  readonly bytes: Uint8Array
  /** The row of each, or {@link noRow}. */
  readonly rows: Uint16Array
}

/** Values that stand in no column as they are indexed: bodies of strings without their escapes, those of lines without columns. */
export class LooseText {
  #bytes = new Uint8Array(0)
  #length = 0
  #rows = new Uint16Array(0)
  #count = 0

  /** Adds a text. */
  add(text: string, row: number): void {
    // A token does not know what separates it from others.
    const bytes = Buffer.from(text.replaceAll('\n', ' '))
    const end = this.#length + bytes.length + 1
    if (end > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#length, end)
    this.#bytes.set(bytes, this.#length)
    this.#bytes[end - 1] = 0x0a
    this.#length = end
    if (this.#count === this.#rows.length) this.#rows = grown(this.#rows, this.#count, this.#count + 1)
    this.#rows[this.#count++] = row
  }

  /** What was added. */
  get text(): TokenText {
    return { bytes: this.#bytes.subarray(0, this.#length), rows: this.#rows.subarray(0, this.#count) }
  }

  /** Forgets everything. */
  clear(): void {
    this.#length = 0
    this.#count = 0
  }
}
