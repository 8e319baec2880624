/**
 * A frame of the log: `[length and kind u32][sequence u48][check u16]` and the payload. The check covers the header and is
 * salted with the spool's id, so that a frame of another file is none of this one. Numbers are little-endian.
 */
export const frameHeaderSize = 12

/** What a frame holds: one line, or a batch of them with a CRC. */
export const frameKinds = { line: 0, batch: 1 } as const

/** Largest payload: the two highest bits of the length are the kind. */
const largestPayload = 2 ** 30 - 1

/** Writes a frame's header. */
export function writeFrameHeader(
  target: Uint8Array,
  at: number,
  kind: number,
  length: number,
  sequence: number,
  salt: number,
): void {
  const low = sequence >>> 0
  const high = (sequence - low) / 0x1_0000_0000
  const word = (length | (kind << 30)) >>> 0
  const check = frameCheck(word, low, high, salt)
  target[at] = word
  target[at + 1] = word >>> 8
  target[at + 2] = word >>> 16
  target[at + 3] = word >>> 24
  target[at + 4] = low
  target[at + 5] = low >>> 8
  target[at + 6] = low >>> 16
  target[at + 7] = low >>> 24
  target[at + 8] = high
  target[at + 9] = high >>> 8
  target[at + 10] = check
  target[at + 11] = check >>> 8
}

/** Whether the twelve bytes at `at` are a header. */
export function isFrameHeader(bytes: Uint8Array, at: number, salt: number): boolean {
  const word = uint32(bytes, at)
  const check = bytes[at + 10]! | (bytes[at + 11]! << 8)
  return (
    word >>> 30 < 2 && frameCheck(word, uint32(bytes, at + 4), bytes[at + 8]! | (bytes[at + 9]! << 8), salt) === check
  )
}

/** The kind that a header names. */
export function frameKind(bytes: Uint8Array, at: number): number {
  return bytes[at + 3]! >>> 6
}

/** The payload's length that a header names. */
export function frameLength(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) & largestPayload
}

/** The sequence of a frame's first line. */
export function frameSequence(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at + 4) + (bytes[at + 8]! | (bytes[at + 9]! << 8)) * 0x1_0000_0000
}

/** Four bytes as an unsigned number. */
export function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** Writes four bytes. */
export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

/** Sixteen bits that mix all of a header: the constants are those of MurmurHash3's finaliser. */
function frameCheck(word: number, low: number, high: number, salt: number): number {
  let hash = Math.imul(word ^ salt, 0x9e37_79b1)
  hash = Math.imul(hash ^ (hash >>> 15) ^ low, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13) ^ high, 0xc2b2_ae35)
  hash ^= hash >>> 16
  return hash & 0xffff
}
