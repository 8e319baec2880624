/** A round trip that is changed by exchanging two edges for two others, and whose changes can be taken back. */
export class Tour {
  readonly order: Int32Array
  readonly positions: Int32Array
  readonly #count: number
  #log = new Int32Array(256)
  #logged = 0

  constructor(order: Int32Array) {
    this.order = order
    this.#count = order.length
    this.positions = new Int32Array(order.length)
    for (let at = 0; at < order.length; at++) this.positions[order[at]!] = at
  }

  next(node: number): number {
    const at = this.positions[node]! + 1
    return this.order[at === this.#count ? 0 : at]!
  }

  previous(node: number): number {
    const at = this.positions[node]!
    return this.order[(at === 0 ? this.#count : at) - 1]!
  }

  /** Replaces the edges a–b and c–d by a–c and b–d; b comes after a and d after c, or both before. */
  exchange(a: number, b: number, c: number, d: number): void {
    if (this.#logged + 4 > this.#log.length) {
      const longer = new Int32Array(2 * this.#log.length)
      longer.set(this.#log)
      this.#log = longer
    }
    const log = this.#log
    log[this.#logged++] = a
    log[this.#logged++] = b
    log[this.#logged++] = c
    log[this.#logged++] = d
    this.#exchange(a, b, c, d)
  }

  /** Makes changes final. */
  keep(): void {
    this.#logged = 0
  }

  /** Takes changes back. */
  undo(): void {
    const log = this.#log
    while (this.#logged > 0) {
      const at = (this.#logged -= 4)
      this.#exchange(log[at]!, log[at + 2]!, log[at + 1]!, log[at + 3]!)
    }
  }

  #exchange(a: number, b: number, c: number, d: number): void {
    if (this.next(a) === b) this.#reverse(this.positions[b]!, this.positions[c]!)
    else this.#reverse(this.positions[a]!, this.positions[d]!)
  }

  /** Turns round what lies between two positions, or all else, which makes the same tour. */
  #reverse(from: number, to: number): void {
    const { order, positions } = this
    const count = this.#count
    let inner = to - from + 1
    if (inner <= 0) inner += count
    let [first, last, swaps] = [from, to, inner >> 1]
    if (inner * 2 > count) {
      first = to + 1 === count ? 0 : to + 1
      last = (from === 0 ? count : from) - 1
      swaps = (count - inner) >> 1
    }
    for (; swaps > 0; swaps--) {
      const node = order[first]!
      const other = order[last]!
      order[first] = other
      positions[other] = first
      order[last] = node
      positions[node] = last
      if (++first === count) first = 0
      if (--last < 0) last = count - 1
    }
  }
}
