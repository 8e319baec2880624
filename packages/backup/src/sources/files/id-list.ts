import type { ContentId } from '../../repository/index.ts'

/** Bytes of an id. */
const width = 32

/**
 * Ids in the order they were added, as bytes: those of a terabyte take 32 MB, outside of the heap, whose limit a thread must
 * not reach because of one file.
 */
export class IdList {
  #bytes: Buffer = Buffer.alloc(0)
  #length = 0

  append(id: ContentId): void {
    this.#reserve(width)
    this.#length += this.#bytes.write(id, this.#length, 'hex')
  }

  /** Ids as {@link finish} gives them. */
  appendAll(ids: Uint8Array): void {
    this.#reserve(ids.length)
    this.#bytes.set(ids, this.#length)
    this.#length += ids.length
  }

  #reserve(length: number): void {
    const needed = this.#length + length
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(8 * width, needed, 2 * this.#length))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }

  get count(): number {
    return this.#length / width
  }

  /** All ids, one after the other; in memory of their own. */
  finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length)
  }
}

/** The ids that {@link IdList} wrote. */
export function idsOf(bytes: Uint8Array): ContentId[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / width }, (_, index) =>
    text.toString('hex', index * width, (index + 1) * width),
  )
}
