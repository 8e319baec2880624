import { viewOf } from '../files/byte-view.ts'
import { hashName } from '../files/hash-name.ts'
import { isSameText } from './compare-bytes.ts'

/** Numbers of texts from 0, the same for the same bytes: an open-addressing table without strings. */
export class TextNumbers {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** Hash, and number plus one. */
  #slots: Int32Array
  #starts: Uint32Array
  #ends: Uint32Array
  #count = 0

  /** @param expected about how many there will be */
  constructor(bytes: Uint8Array, expected: number) {
    let slots = 64
    while (slots < 3 * expected) slots *= 2
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#slots = new Int32Array(2 * slots)
    this.#starts = new Uint32Array(slots / 2)
    this.#ends = new Uint32Array(slots / 2)
  }

  /** Where the text of each number begins and ends in the bytes. */
  places(): { readonly starts: Uint32Array; readonly ends: Uint32Array } {
    return { starts: this.#starts.slice(0, this.#count), ends: this.#ends.slice(0, this.#count) }
  }

  /** The number of a text. Texts of another `kind`, a small number, have others. */
  numberOf(start: number, end: number, kind: number = 0): number {
    const bytes = this.#bytes
    // The kind is kept with the hash, which is compared first: two kinds never meet in the lowest bit.
    const hash = (hashName(this.#view, start, end) & ~1) | kind
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask & ~1
    for (; slots[slot + 1] !== 0; slot = (slot + 2) & mask)
      if (slots[slot] === hash) {
        const number = slots[slot + 1]! - 1
        if (isSameText(bytes, this.#starts[number]!, this.#ends[number]!, bytes, start, end)) return number
      }
    const number = this.#count++
    slots[slot] = hash
    slots[slot + 1] = number + 1
    this.#starts[number] = start
    this.#ends[number] = end
    if (this.#count === this.#starts.length) this.#grow()
    return number
  }

  /** Slots are at most half full. */
  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(2 * old.length)
    const mask = slots.length - 1
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] === 0) continue
      let slot = old[at]! & mask & ~1
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask
      slots[slot] = old[at]!
      slots[slot + 1] = old[at + 1]!
    }
    this.#slots = slots
    const longer = (from: Uint32Array): Uint32Array => {
      const more = new Uint32Array(2 * from.length)
      more.set(from)
      return more
    }
    this.#starts = longer(this.#starts)
    this.#ends = longer(this.#ends)
  }
}
