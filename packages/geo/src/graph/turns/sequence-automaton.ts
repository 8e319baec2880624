/**
 * Follows a path edge by edge and knows which forbidden sequences it is in the midst of (Aho & Corasick 1975). A state is the
 * longest end of the path with which a forbidden sequence begins; state 0 is none.
 */
export class SequenceAutomaton {
  readonly #children: Map<number, number>[] = [new Map()]
  readonly #failures: number[] = [0]
  readonly #isForbidden: boolean[] = [false]

  constructor(sequences: readonly (readonly number[])[]) {
    for (const sequence of sequences) this.#add(sequence)
    this.#link()
  }

  /** How many states there are. */
  get size(): number {
    return this.#children.length
  }

  /** The state after another edge, -1 where a forbidden sequence would be complete. */
  step(state: number, edge: number): number {
    let from = state
    let next = this.#children[from]!.get(edge)
    while (next === undefined && from !== 0) {
      from = this.#failures[from]!
      next = this.#children[from]!.get(edge)
    }
    if (next === undefined) return 0
    return this.#isForbidden[next]! ? -1 : next
  }

  #add(sequence: readonly number[]): void {
    let state = 0
    for (const edge of sequence) {
      let next = this.#children[state]!.get(edge)
      if (next === undefined) {
        next = this.#children.push(new Map()) - 1
        this.#failures.push(0)
        this.#isForbidden.push(false)
        this.#children[state]!.set(edge, next)
      }
      state = next
    }
    this.#isForbidden[state] = true
  }

  /** Breadth first, so that the shorter ends are known when the longer ones need them. */
  #link(): void {
    const queue = [...this.#children[0]!.values()]
    for (const state of queue)
      for (const [edge, next] of this.#children[state]!) {
        let failure = this.#failures[state]!
        while (failure !== 0 && !this.#children[failure]!.has(edge)) failure = this.#failures[failure]!
        const shorter = this.#children[failure]!.get(edge) ?? 0
        this.#failures[next] = shorter
        if (this.#isForbidden[shorter]!) this.#isForbidden[next] = true
        queue.push(next)
      }
  }
}
