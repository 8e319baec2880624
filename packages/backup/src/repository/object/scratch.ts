/** What is larger is not kept: a single huge object would hold its memory for good. */
const largestKept = 16 * 1_024 * 1_024

/** Memory for what is needed only until the next call: none is made anew for each. */
export class Scratch {
  #memory = new Uint8Array(0)

  /** So many bytes, with whatever they held. They are those of the last call, too. */
  take(size: number): Uint8Array {
    if (size > largestKept) return new Uint8Array(size)
    if (size > this.#memory.length)
      this.#memory = new Uint8Array(Math.min(largestKept, Math.max(size, 2 * this.#memory.length)))
    return this.#memory.subarray(0, size)
  }
}
