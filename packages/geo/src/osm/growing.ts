/** Numbers whose count shows only while they are read. The memory is kept from block to block. */
export class Growing<Numbers extends Float64Array | Int32Array | Uint8Array> {
  array: Numbers
  length = 0

  constructor(array: Numbers) {
    this.array = array
  }

  /** Makes room for `more` numbers. */
  reserve(more: number): void {
    if (this.length + more <= this.array.length) return
    const Type = this.array.constructor as new (length: number) => Numbers
    const larger = new Type(Math.max(this.array.length * 2, this.length + more))
    larger.set(this.array)
    this.array = larger
  }

  /** Adds one number. */
  push(value: number): void {
    if (this.length === this.array.length) this.reserve(1)
    this.array[this.length++] = value
  }

  /** A copy of the numbers; it begins anew. */
  take(): Numbers {
    const taken = this.array.slice(0, this.length) as Numbers
    this.length = 0
    return taken
  }
}
