/** A queue of nodes by whole-number keys, least first: a heap of four children per entry, kept between searches. */
export class IntHeap {
  size = 0
  #keys = new Int32Array(1024)
  #nodes = new Int32Array(1024)

  /** The least key; the heap must not be empty. */
  get least(): number {
    return this.#keys[0]!
  }

  clear(): void {
    this.size = 0
  }

  push(key: number, node: number): void {
    if (this.size === this.#keys.length) this.#grow()
    const keys = this.#keys
    const nodes = this.#nodes
    let at = this.size++
    while (at > 0) {
      const parent = (at - 1) >> 2
      if (keys[parent]! <= key) break
      keys[at] = keys[parent]!
      nodes[at] = nodes[parent]!
      at = parent
    }
    keys[at] = key
    nodes[at] = node
  }

  /** Takes the node with the least key; the heap must not be empty. */
  pop(): number {
    const keys = this.#keys
    const nodes = this.#nodes
    const taken = nodes[0]!
    const size = --this.size
    const key = keys[size]!
    const node = nodes[size]!
    let at = 0
    for (;;) {
      const child = at * 4 + 1
      if (child >= size) break
      const until = child + 4 < size ? child + 4 : size
      let best = child
      let bestKey = keys[child]!
      for (let other = child + 1; other < until; other++)
        if (keys[other]! < bestKey) {
          best = other
          bestKey = keys[other]!
        }
      if (bestKey >= key) break
      keys[at] = bestKey
      nodes[at] = nodes[best]!
      at = best
    }
    keys[at] = key
    nodes[at] = node
    return taken
  }

  #grow(): void {
    const keys = new Int32Array(this.#keys.length * 2)
    const nodes = new Int32Array(this.#nodes.length * 2)
    keys.set(this.#keys)
    nodes.set(this.#nodes)
    this.#keys = keys
    this.#nodes = nodes
  }
}
