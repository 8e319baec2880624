/** A column with more different values is kept as text. */
const mostValues = 256

/** As is one whose values are long: dictionaries are read with every query. */
const mostBytes = 64 * 1_024

/** The different values of a column, each with a code of one byte. */
export class ValueDictionary {
  readonly #slots = new Int16Array(1_024)
  readonly #hashes = new Uint32Array(mostValues)
  readonly #ends = new Uint32Array(mostValues)
  #bytes = new Uint8Array(1_024)
  #count = 0

  /** How many there are. */
  get size(): number {
    return this.#count
  }

  /** The code of a value; -1 when there is no room for it. */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c_9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193)
    hash >>>= 0
    const slots = this.#slots
    let slot = (hash ^ (hash >>> 15)) & 1_023
    for (;;) {
      const code = slots[slot]! - 1
      if (code < 0) break
      if (this.#hashes[code] === hash && this.#isSame(code, bytes, start, end)) return code
      slot = (slot + 1) & 1_023
    }
    const from = this.#count === 0 ? 0 : this.#ends[this.#count - 1]!
    const to = from + end - start
    if (this.#count === mostValues || to > mostBytes) return -1
    while (to > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes.subarray(start, end), from)
    this.#hashes[this.#count] = hash
    this.#ends[this.#count] = to
    slots[slot] = ++this.#count
    return this.#count - 1
  }

  /** The bytes of a code. */
  valueOf(code: number): Uint8Array {
    return this.#bytes.subarray(code === 0 ? 0 : this.#ends[code - 1]!, this.#ends[code]!)
  }

  /** All values as text, by code. */
  toTexts(): string[] {
    return Array.from({ length: this.#count }, (_, code) => Buffer.from(this.valueOf(code)).toString())
  }

  #isSame(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = code === 0 ? 0 : this.#ends[code - 1]!
    if (this.#ends[code]! - from !== end - start) return false
    for (let offset = 0; offset < end - start; offset++)
      if (this.#bytes[from + offset] !== bytes[start + offset]) return false
    return true
  }
}
