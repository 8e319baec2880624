/** What becomes of the pieces that a stream has given. */
export interface PieceMemoryOptions {
  /**
   * Gives a piece's memory back when the next one is asked for the second time: the piece is detached, and empty from
   * then on. For whoever is done with a piece by then, such as a loop that awaits each write: the collector of garbage has
   * nothing to do, which is half of the processor time of large chunks. What reads ahead, such as `Readable.from`, or
   * keeps pieces, must not set it.
   * @default false
   */
  readonly release?: boolean | undefined
}

/** Gives back the memory of a piece that nobody needs any more, if the piece is all there is in it. */
export function releasePiece({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
