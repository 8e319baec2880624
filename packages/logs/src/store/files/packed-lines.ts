import { storeErrors } from '../errors.ts'
import { SpareBuffer } from './spare-buffer.ts'

/** Bytes in front of the lines that are left for whoever writes them down. */
export const packedRoom = 24

const newline = 0x0a

/** Lines one behind the other in one buffer, each with its length (u32) before it: no line needs an object of its own. */
export interface PackedLines {
  /** With {@link packedRoom} bytes in front. */
  readonly bytes: Buffer
  readonly count: number
  /** What the bytes are the beginning of. */
  readonly memory: Buffer
}

/**
 * Packs lines; a newline at the end of one is not part of it.
 *
 * @throws `LOGS_STORE_LINE_TOO_LARGE`
 */
export function packLines(
  lines: readonly (string | Uint8Array)[],
  limit: number,
  spare: SpareBuffer = new SpareBuffer(),
): PackedLines {
  let [size, longest] = [packedRoom, 0]
  for (const { length } of lines) {
    size += 4 + length
    if (length > longest) longest = length
  }
  // A unit of UTF-16 becomes three bytes at most: with room for one line of such, lines of ASCII never have to move.
  let bytes = spare.take(size + longest * 2)
  let at = packedRoom
  for (const line of lines) {
    const needed = at + 4 + (typeof line === 'string' ? line.length * 3 : line.length)
    if (needed > bytes.length) bytes = enlarged(bytes, at, needed)
    const start = at + 4
    let length = line.length
    if (typeof line === 'string') length = bytes.write(line, start)
    else bytes.set(line, start)
    if (length > limit) throw storeErrors.LOGS_STORE_LINE_TOO_LARGE({ bytes: length, limit })
    if (length > 0 && bytes[start + length - 1] === newline) length--
    bytes.writeUInt32LE(length, at)
    at = start + length
  }
  return { bytes: bytes.subarray(0, at), count: lines.length, memory: bytes }
}

/** Calls with the bounds of each line. */
export function forEachLine({ bytes }: PackedLines, onLine: (start: number, end: number) => void): void {
  for (let at = packedRoom; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at)
    onLine(at + 4, end)
    at = end
  }
}

function enlarged(bytes: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, bytes.length * 2))
  bytes.copy(larger, 0, 0, used)
  return larger
}
