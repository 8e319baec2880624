import type { Span } from '../sensitive-kind.ts'

const begin = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y
const end = /-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g
/** Characters of a block: a key of 16,384 bits has some 13,000. */
const longestPrivateKey = 16_384

/**
 * Finds PEM blocks with private keys (RFC 7468). One finder reads one text from left to right: where the next end stands
 * is remembered, so that a text of nothing but beginnings takes no longer than another.
 */
export class PrivateKeyFinder {
  #nextEnd = -1

  /** The block that begins at `at`; one without an end reaches as far as a key can. */
  match(text: string, at: number): Span | undefined {
    begin.lastIndex = at
    if (!begin.test(text)) return undefined
    const next = this.#endAfter(text, begin.lastIndex)
    const most = Math.min(text.length, at + longestPrivateKey)
    return { start: at, end: next <= most ? next : most }
  }

  #endAfter(text: string, from: number): number {
    if (this.#nextEnd > from) return this.#nextEnd
    end.lastIndex = from
    this.#nextEnd = end.test(text) ? end.lastIndex : Infinity
    return this.#nextEnd
  }
}
