/** What a value has for a number that it has none of. */
const unnumbered = -1

/**
 * Numbers the values of one label: 0, 1, … in the order of their first use. Numbers and booleans share the number of
 * their text, so that 200 and '200' are one value.
 *
 * The last value is remembered, because one request is much like the one before: most have the same method and status.
 */
export class ValueNumbers {
  readonly #numbers = new Map<unknown, number>()
  #texts = 0
  #last: unknown
  #lastNumber = unnumbered

  /** The value's number, or {@link unnumbered}. */
  of(value: unknown): number {
    if (value === this.#last) return this.#lastNumber
    const number = this.#numbers.get(value)
    if (number === undefined) return unnumbered
    this.#last = value
    this.#lastNumber = number
    return number
  }

  /** Gives a text its number, and the same to the value that it is the text of. */
  add(text: string, value?: unknown): number {
    const number = this.#numbers.get(text) ?? this.#texts++
    this.#numbers.set(text, number)
    // A number or boolean has one text only, so there are at most three entries for each text.
    if (typeof value === 'number' || typeof value === 'boolean') this.#numbers.set(value, number)
    return number
  }

  clear(): void {
    this.#numbers.clear()
    this.#texts = 0
    this.#last = undefined
    this.#lastNumber = unnumbered
  }
}
