import { giveBack } from '../give-back.ts'
import type { EncodedBlock } from './block-builder.ts'

/** Bytes of a piece: what two blocks take. */
const pieceBytes = 2 ** 20

/**
 * Memory that blocks are kept in until they are in a segment, and after them those of the next: with memory of its own for each,
 * the collector of garbage would look at all that the process has for every segment.
 */
export class BlockMemory {
  readonly #pieces: ArrayBuffer[] = []
  /** Pieces in use; the last of them is filled up to `#at`. */
  #used = 0
  #at = pieceBytes

  /** The same block in this memory; its own is given back. */
  keep({ layout, parts, tokens }: EncodedBlock): EncodedBlock {
    const { rows, names, counts, postings, offsets, singles } = tokens
    return {
      layout,
      parts: parts.map((part) => ({ layout: part.layout, bytes: this.#keep(part.bytes) })),
      tokens: {
        rows,
        names: this.#keep(names),
        counts: asUint16(this.#keep(counts)),
        postings: this.#keep(postings),
        offsets: asUint32(this.#keep(offsets)),
        singles: asUint32(this.#keep(singles)),
      },
    }
  }

  /** Nobody looks at the blocks any more: the next have their memory. */
  clear(): void {
    this.#used = 0
    this.#at = pieceBytes
  }

  /** The same, and nothing is left for the next. */
  giveBack(): void {
    this.clear()
    for (const piece of this.#pieces.splice(0)) giveBack(new Uint8Array(piece))
  }

  /** The bytes of values. */
  #keep(values: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
    const { buffer, byteOffset, byteLength } = values
    const bytes = new Uint8Array(buffer, byteOffset, byteLength)
    // Blocks of very long lines have such values.
    if (byteLength === 0 || byteLength > pieceBytes) return bytes
    if (this.#at + byteLength > pieceBytes) {
      if (this.#used === this.#pieces.length) this.#pieces.push(new ArrayBuffer(pieceBytes))
      this.#used++
      this.#at = 0
    }
    const kept = new Uint8Array(this.#pieces[this.#used - 1]!, this.#at, byteLength)
    kept.set(bytes)
    giveBack(values)
    // Integers of four bytes may come next.
    this.#at += (byteLength + 3) & ~3
    return kept
  }
}

function asUint16({ buffer, byteOffset, length }: Uint8Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length / 2)
}

function asUint32({ buffer, byteOffset, length }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length / 4)
}
