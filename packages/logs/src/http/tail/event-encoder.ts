import { isUtf8 } from 'node:buffer'
import type { TailBatch } from '../../store/index.ts'

/** Events that many readers get, as they are sent. */
export interface EncodedEvents {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Lines in them. */
  readonly count: number
}

/** Bytes of events after which they are sent: what is written to a socket at once. */
const pieceBytes = 2 ** 19

/** Most bytes of an event without the text of its line: the numbers are of 24 characters at most. */
const frameBytes = 256

/** A byte becomes as many in JSON at most. */
const mostPerByte = 6

/**
 * Makes server-sent events of lines, one each: `{ time, sequence, text }` as JSON, which has no line breaks. The bytes of a line
 * become those of its text without a text in between, which is half of the work.
 */
export class EventEncoder {
  #scratch: Buffer<ArrayBuffer> = Buffer.alloc(0)

  /** In pieces. */
  encode(lines: Pick<TailBatch, 'forEach'>): readonly EncodedEvents[] {
    const pieces: EncodedEvents[] = []
    let [at, count] = [0, 0]
    const end = (): void => {
      if (count > 0) pieces.push({ bytes: new Uint8Array(this.#scratch.subarray(0, at)), count })
      ;[at, count] = [0, 0]
    }
    lines.forEach((bytes, start, to, time, sequence) => {
      const room = frameBytes + (to - start) * mostPerByte
      if (at + room > this.#scratch.length) end()
      if (room > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(Math.max(room, 2 * pieceBytes))
      const target = this.#scratch
      at += target.write(`id: ${time}-${sequence}\ndata: {"time":${time},"sequence":${sequence},"text":"`, at, 'latin1')
      at = writeEscaped(target, at, bytes, start, to)
      at += target.write('"}\n\n', at, 'latin1')
      count++
      if (at >= pieceBytes) end()
    })
    end()
    // One long line is no reason to keep so much.
    if (this.#scratch.length > 2 * pieceBytes) this.#scratch = Buffer.alloc(0)
    return pieces
  }
}

/** What stands behind the backslash for each byte that cannot stay: 1 for those that have no letter, 0 for those that can. */
const escapes = new Uint8Array(256)
escapes.fill(1, 0, 0x20)
for (const [byte, letter] of [
  ['\b', 'b'],
  ['\t', 't'],
  ['\n', 'n'],
  ['\f', 'f'],
  ['\r', 'r'],
  ['"', '"'],
  ['\\', '\\'],
] as const)
  escapes[byte.charCodeAt(0)] = letter.charCodeAt(0)

const hex = '0123456789abcdef'

/** Bytes from `start` to `end` as `JSON.stringify` writes the text of them, without the quotes around. Returns where it ends. */
function writeEscaped(target: Buffer, first: number, bytes: Uint8Array, start: number, end: number): number {
  let at = first
  let wide = 0
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!
    const escape = escapes[byte]!
    wide |= byte
    if (escape === 0) target[at++] = byte
    else {
      target[at++] = 0x5c
      if (escape !== 1) target[at++] = escape
      else at += target.write(`u00${hex[byte >> 4]}${hex[byte & 15]}`, at, 'latin1')
    }
  }
  if (wide < 0x80) return at
  const line = bytes.subarray(start, end)
  if (isUtf8(line)) return at
  // What is not UTF-8 is no text: replacement characters stand for it, as in the text of a line.
  const text = Buffer.from(Buffer.from(line).toString())
  return writeEscaped(target, first, text, 0, text.length)
}
