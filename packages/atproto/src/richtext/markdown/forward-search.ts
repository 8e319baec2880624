/**
 * Searches that never look at the same place twice as long as they are asked from places that grow: what was found is kept
 * until it is passed.
 */
export class ForwardSearch {
  readonly #text: string
  readonly #found = new Map<string, number>()
  #runs: Map<number, number[]> | undefined
  #blank = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Where `what` stands next; -1 when it does not. */
  indexOf(what: string, from: number): number {
    const known = this.#found.get(what)
    if (known !== undefined && (known < 0 || known >= from)) return known
    const found = this.#text.indexOf(what, from)
    this.#found.set(what, found)
    return found
  }

  /** Where white space stands next, or the text ends. */
  blank(from: number): number {
    if (this.#blank < from) this.#blank = from
    while (this.#blank < this.#text.length && !/\s/.test(this.#text[this.#blank]!)) this.#blank++
    return this.#blank
  }

  /** Where a run of so many backticks begins, and no more of them. */
  backticks(length: number, from: number): number | undefined {
    this.#runs ??= runsOf(this.#text)
    const starts = this.#runs.get(length) ?? []
    while (starts.length > 0 && starts.at(-1)! < from) starts.pop()
    return starts.at(-1)
  }
}

/** The beginnings of all runs of backticks by their length, the last first. */
function runsOf(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = runs.get(run.length)
    if (known === undefined) runs.set(run.length, [index])
    else known.push(index)
  }
  for (const starts of runs.values()) starts.reverse()
  return runs
}
