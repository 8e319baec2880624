/** Work that waits for the next batch. */
interface Waiting<Item, Result> {
  readonly items: readonly Item[]
  readonly resolve: (results: readonly Result[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit: what is asked for while a batch is on its way goes together with the next one, so that many callers share
 * one transaction. Each gets the results of its own items, in order. A batch holds at most `most` items, or one caller's.
 */
export class GroupCommit<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly #most: number
  readonly #waiting: Waiting<Item, Result>[] = []
  #running = false

  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, most: number) {
    this.#run = run
    this.#most = most
  }

  add(items: readonly Item[]): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject })
      if (!this.#running) void this.#drain()
    })
  }

  async #drain(): Promise<void> {
    this.#running = true
    // Callers of the same tick shall share the first batch, too.
    await Promise.resolve()
    while (this.#waiting.length > 0) await this.#runBatch(this.#takeBatch())
    this.#running = false
  }

  #takeBatch(): readonly Waiting<Item, Result>[] {
    let size = 0
    let count = 0
    for (const { items } of this.#waiting) {
      if (count > 0 && size + items.length > this.#most) break
      size += items.length
      count++
    }
    return this.#waiting.splice(0, count)
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(batch.flatMap(({ items }) => items))
      let at = 0
      for (const { items, resolve } of batch) resolve(results.slice(at, (at += items.length)))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}
