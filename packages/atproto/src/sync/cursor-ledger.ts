/** A message that was received and is not yet behind the cursor. */
export interface LedgerEntry {
  readonly seq: number
  done: boolean
}

/**
 * Says how far the cursor may go: up to the last message of the unbroken row of messages that are done, in the order in which
 * they came. What one repository keeps waiting holds the cursor back, never the other repositories.
 */
export class CursorLedger {
  #entries: LedgerEntry[] = []
  #start = 0
  #position: number | undefined

  /** Enters a message. Numbers that go back, as after a repetition, do not take the cursor back. */
  enter(seq: number): LedgerEntry {
    const entry = { seq, done: false }
    this.#entries.push(entry)
    return entry
  }

  /** How many messages are not behind the cursor. */
  get size(): number {
    return this.#entries.length - this.#start
  }

  /** Where the cursor may go when these are done as well; undefined when it cannot go anywhere. */
  positionWith(others: ReadonlySet<LedgerEntry>): number | undefined {
    let position = this.#position
    for (let index = this.#start; index < this.#entries.length; index++) {
      const entry = this.#entries[index]!
      if (!entry.done && !others.has(entry)) break
      position = Math.max(position ?? entry.seq, entry.seq)
    }
    return position
  }

  /** Marks messages as done, once what they did is committed. */
  settle(done: Iterable<LedgerEntry>): void {
    for (const entry of done) entry.done = true
    for (; this.#entries[this.#start]?.done === true; this.#start++) {
      const { seq } = this.#entries[this.#start]!
      this.#position = Math.max(this.#position ?? seq, seq)
    }
    if (this.#start < 1024 && this.#start < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#start)
    this.#start = 0
  }

  /** Forgets everything: the numbers that come are of another count. */
  clear(): void {
    this.#entries = []
    this.#start = 0
    this.#position = undefined
  }
}
