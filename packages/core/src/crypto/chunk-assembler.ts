const empty = new Uint8Array()

/**
 * Cuts pieces of any size into chunks of one size, and keeps a full chunk back until it is known not to be the last.
 * A chunk is valid until the next one is asked for; large pieces are not copied.
 */
export class ChunkAssembler {
  readonly #size: number
  #buffer: Uint8Array | undefined
  #filled = 0
  #held: Uint8Array | undefined

  constructor(size: number) {
    this.#size = size
  }

  /** Takes a piece; gives the chunks that are complete and not the last. */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    let at = 0
    while (at < piece.length) {
      if (this.#held !== undefined) {
        yield this.#held
        this.#held = undefined
      }
      at += this.#take(piece, at)
    }
  }

  /** The last chunk, empty when there was nothing at all. */
  finish(): Uint8Array {
    return this.#held ?? this.#buffer?.subarray(0, this.#filled) ?? empty
  }

  /** Takes at most what completes a chunk; returns how many bytes that were. */
  #take(piece: Uint8Array, at: number): number {
    const rest = piece.length - at
    if (this.#filled === 0 && rest >= this.#size) {
      this.#held = piece.subarray(at, at + this.#size)
      return this.#size
    }
    this.#buffer ??= new Uint8Array(this.#size)
    const taken = Math.min(this.#size - this.#filled, rest)
    this.#buffer.set(piece.subarray(at, at + taken), this.#filled)
    this.#filled += taken
    if (this.#filled === this.#size) {
      this.#held = this.#buffer
      this.#filled = 0
    }
    return taken
  }
}
