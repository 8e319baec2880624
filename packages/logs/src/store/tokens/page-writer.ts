import { grown } from '../grown.ts'

/** Writes a page of a dictionary; `PageCursor` reads it. Its memory is used again for the next. */
export class PageWriter {
  #bytes = new Uint8Array(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** An integer below 2³¹ as unsigned LEB128. */
  varint(value: number): void {
    this.#room(5)
    let rest = value
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
    this.#bytes[this.#length++] = rest
  }

  /** Bytes from `from` to before `to`. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.#room(to - from)
    if (to - from > 48) {
      this.#bytes.set(source.subarray(from, to), this.#length)
      this.#length += to - from
    } else for (let at = from; at < to; at++) this.#bytes[this.#length++] = source[at]!
  }

  /** What was written, in memory of its own; nothing is left. */
  finish(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return bytes
  }

  #room(more: number): void {
    const needed = this.#length + more
    if (needed > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#length, needed)
  }
}

/** Bytes of an integer that {@link PageWriter.varint} writes. */
export function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest >>>= 7) length++
  return length
}
