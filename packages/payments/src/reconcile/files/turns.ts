/** Turns that threads take: each number once, whoever asks, until there is none. */
export class Turns {
  /** Shared memory: the next turn, and what was done meanwhile. */
  readonly memory: Int32Array
  readonly #count: number
  #seen = 0

  /** @param memory of the thread that made them */
  constructor(count: number, memory: Int32Array = new Int32Array(new SharedArrayBuffer(8))) {
    this.#count = count
    this.memory = memory
  }

  take(): number | undefined {
    const turn = Atomics.add(this.memory, 0, 1)
    return turn < this.#count ? turn : undefined
  }

  /** Nobody takes another. */
  stop(): void {
    Atomics.store(this.memory, 0, this.#count)
  }

  /** Tells the thread that made them of work, in a unit of its own. */
  tell(work: number): void {
    Atomics.add(this.memory, 1, work)
  }

  /** What was told since this was asked last. */
  told(): number {
    const all = Atomics.load(this.memory, 1)
    const since = all - this.#seen
    this.#seen = all
    return since
  }
}
