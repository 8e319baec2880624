import { grown } from '../grown.ts'
import type { SegmentBuilder } from '../segment/segment-builder.ts'
import type { StoredLine } from './rewrite.ts'

const [mostLines, mostBytes] = [512, 256 * 1_024]

/** Lines on their way from one segment to another, packed, so that they are taken apart several at once. */
export class StoredRun {
  #packed = Buffer.alloc(0)
  #length = 0
  #count = 0
  readonly #times = new Float64Array(mostLines)
  readonly #sequences = new Float64Array(mostLines)

  get count(): number {
    return this.#count
  }

  /** Bytes of the lines. */
  get bytes(): number {
    return this.#length - 4 * this.#count
  }

  /** Whether they should be moved on before another comes. */
  get isFull(): boolean {
    return this.#count === mostLines || this.#length >= mostBytes
  }

  add({ bytes, time, sequence }: StoredLine): void {
    const end = this.#length + 4 + bytes.length
    if (end > this.#packed.length) this.#packed = Buffer.from(grown(this.#packed, this.#length, end).buffer)
    this.#packed.writeUInt32LE(bytes.length, this.#length)
    this.#packed.set(bytes, this.#length + 4)
    this.#length = end
    this.#times[this.#count] = time
    this.#sequences[this.#count++] = sequence
  }

  /** Adds the lines to a segment, in their order; then there are none. */
  moveTo(builder: SegmentBuilder): void {
    const packed = this.#packed.subarray(0, this.#length)
    const before = builder.rows
    for (let at = 0; at < packed.length;) {
      const done = builder.rows - before
      at = builder.addPacked(packed, at, {
        sequences: this.#sequences.subarray(done),
        times: this.#times.subarray(done),
      })
    }
    this.#length = 0
    this.#count = 0
  }
}
