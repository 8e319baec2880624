/** More is not kept. */
const mostBytes = 8 * 2 ** 20

/**
 * Memory that one batch of lines after the other is packed into. With a buffer of its own for each, the collector of garbage
 * would look at all that the process has every hundred thousand lines.
 */
export class SpareBuffer {
  #spare: Buffer | undefined

  /** Memory of at least so many bytes; nobody else has it. */
  take(size: number): Buffer {
    const spare = this.#spare
    // Some more than is needed: the next batch may be a little larger.
    if (spare === undefined || spare.length < size) return Buffer.allocUnsafe(size + (size >> 3))
    this.#spare = undefined
    return spare
  }

  /** Takes memory back that nobody looks at any more. */
  give(buffer: Buffer): void {
    if (buffer.length <= mostBytes && buffer.length > (this.#spare?.length ?? 0)) this.#spare = buffer
  }
}
