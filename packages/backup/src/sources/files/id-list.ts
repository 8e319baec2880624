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
    if (this.#length === this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(8 * width, 2 * this.#length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#length += this.#bytes.write(id, this.#length, 'hex')
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
