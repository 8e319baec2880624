/** A list of 32-bit integers that grows and can be cut back, kept in one typed array. */
export class GrowableInts {
  values: Int32Array
  length = 0

  constructor(capacity = 1024) {
    this.values = new Int32Array(capacity)
  }

  push(value: number): void {
    if (this.length === this.values.length) this.#grow(this.length + 1)
    this.values[this.length++] = value
  }

  /** Makes room for `count` more and returns where they begin. */
  reserve(count: number): number {
    const at = this.length
    if (at + count > this.values.length) this.#grow(at + count)
    this.length += count
    return at
  }

  append(list: GrowableInts): void {
    const at = this.reserve(list.length)
    // Most lists are short: a view of one costs more than the way through it.
    for (let index = 0; index < list.length; index++) this.values[at + index] = list.values[index]!
  }

  /** Appends what stands at a place of the list itself. */
  repeat(from: number, count: number): void {
    const at = this.reserve(count)
    this.values.copyWithin(at, from, from + count)
  }

  /** A copy without room to grow. */
  trimmed(): Int32Array {
    return this.values.slice(0, this.length)
  }

  #grow(least: number): void {
    const grown = new Int32Array(Math.max(least, Math.ceil(this.values.length * 1.5)))
    grown.set(this.values)
    this.values = grown
  }
}
