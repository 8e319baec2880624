/** Goes through a page of a dictionary. Its numbers are short and there are many, so that they are read without a reader's care. */
export class PageCursor {
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Where the next read starts. */
  get offset(): number {
    return this.#offset
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  /** An unsigned LEB128 integer below 2²⁸. @throws `RangeError` when there is none */
  varint(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#bytes[this.#offset++]
      if (byte === undefined) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError(`it has no number at ${this.#offset}`)
  }

  /** Passes over bytes and returns where they start. @throws `RangeError` when there are fewer */
  skip(length: number): number {
    const start = this.#offset
    this.#offset += length
    if (this.#offset > this.#bytes.length) throw new RangeError(`it ends before ${this.#offset}`)
    return start
  }
}
