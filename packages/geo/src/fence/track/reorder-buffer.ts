import type { PlainFix } from './tracker.ts'

/** Holds fixes back until no older one may come, and gives them out in order of time, each object for itself. */
export class ReorderBuffer {
  readonly #lateness: number
  readonly #held = new Map<string, PlainFix[]>()

  constructor(lateness: number) {
    this.#lateness = lateness
  }

  /** Takes a fix and returns those of the same object that are due. */
  add(fix: PlainFix): readonly PlainFix[] {
    if (this.#lateness === 0) return [fix]
    const held = this.#held.get(fix.id)
    if (held === undefined) {
      this.#held.set(fix.id, [fix])
      return []
    }
    let at = held.length
    while (at > 0 && held[at - 1]!.time > fix.time) at--
    held.splice(at, 0, fix)
    return this.#release(held, held.at(-1)!.time - this.#lateness)
  }

  /** Gives out everything up to a time, whatever may still come. */
  *flush(until: number): IterableIterator<PlainFix> {
    for (const [id, held] of this.#held) {
      yield* this.#release(held, until)
      if (held.length === 0) this.#held.delete(id)
    }
  }

  /** The fixes of some objects, or of all, that wait. */
  *waiting(ids?: Iterable<string>): IterableIterator<PlainFix> {
    for (const id of ids ?? this.#held.keys()) yield* this.#held.get(id) ?? []
  }

  /** Lets the fixes of an object go. */
  forget(id: string): void {
    this.#held.delete(id)
  }

  #release(held: PlainFix[], until: number): readonly PlainFix[] {
    let due = 0
    while (due < held.length && held[due]!.time <= until) due++
    return held.splice(0, due)
  }
}
