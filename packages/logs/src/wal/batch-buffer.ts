import { crc32 } from 'node:zlib'
import { frameHeaderSize, frameKinds, putUint32, writeFrameHeader } from './frame.ts'
import { batchHeaderSize } from './scan-frames.ts'

const front = frameHeaderSize + batchHeaderSize
const bytesPerUnit = 3

/** Lines that become one frame: each behind its length, all of them under one CRC-32. */
export class BatchBuffer {
  #bytes: Buffer
  #length = front
  lines = 0
  /** Sequence of its first line. */
  firstSequence = 0

  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(front + room)
  }

  /** Bytes of the frame that {@link BatchBuffer.frame} would give. */
  get size(): number {
    return this.#length
  }

  add(line: string | Uint8Array, sequence: number): void {
    if (this.lines++ === 0) this.firstSequence = sequence
    const at = this.#length
    const room = at + 4 + (typeof line === 'string' ? line.length * bytesPerUnit : line.length)
    if (room > this.#bytes.length) this.#grow(room)
    const bytes = this.#bytes
    let length: number
    if (typeof line === 'string') length = bytes.write(line, at + 4)
    else {
      bytes.set(line, at + 4)
      length = line.length
    }
    putUint32(bytes, at, length)
    this.#length = at + 4 + length
  }

  /** The frame, valid until the next `add` or `clear`. */
  frame(salt: number): Uint8Array {
    const bytes = this.#bytes
    putUint32(bytes, frameHeaderSize + 4, this.lines)
    putUint32(bytes, frameHeaderSize, crc32(bytes.subarray(frameHeaderSize + 4, this.#length)))
    writeFrameHeader(bytes, 0, frameKinds.batch, this.#length - frameHeaderSize, this.firstSequence, salt)
    return bytes.subarray(0, this.#length)
  }

  clear(): void {
    this.#length = front
    this.lines = 0
  }

  #grow(room: number): void {
    const larger = Buffer.allocUnsafe(Math.max(room, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
