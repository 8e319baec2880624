/**
 * A hash of a name, 32 bits: Bob Jenkins's lookup3 (2006, public domain), as PostgreSQL's `hashtext` computes it, so that a
 * database can do the same.
 */
export function hashName(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  let a = (0x9e3779b9 + length + 3_923_095) | 0
  let b = a
  let c = a
  let at = start
  for (; end - at >= 12; at += 12) {
    a = (a + wordAt(bytes, at)) | 0
    b = (b + wordAt(bytes, at + 4)) | 0
    c = (c + wordAt(bytes, at + 8)) | 0
    a = ((a - c) ^ ((c << 4) | (c >>> 28))) | 0
    c = (c + b) | 0
    b = ((b - a) ^ ((a << 6) | (a >>> 26))) | 0
    a = (a + c) | 0
    c = ((c - b) ^ ((b << 8) | (b >>> 24))) | 0
    b = (b + a) | 0
    a = ((a - c) ^ ((c << 16) | (c >>> 16))) | 0
    c = (c + b) | 0
    b = ((b - a) ^ ((a << 19) | (a >>> 13))) | 0
    a = (a + c) | 0
    c = ((c - b) ^ ((b << 4) | (b >>> 28))) | 0
    b = (b + a) | 0
  }
  // What is left, from its end: c keeps its lowest byte for the length.
  const rest = end - at
  if (rest > 8) c = (c + (partAt(bytes, at + 8, end) << 8)) | 0
  if (rest > 4) b = (b + (rest >= 8 ? wordAt(bytes, at + 4) : partAt(bytes, at + 4, end))) | 0
  if (rest > 0) a = (a + (rest >= 4 ? wordAt(bytes, at) : partAt(bytes, at, end))) | 0
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0
  return ((c ^ b) - ((b << 24) | (b >>> 8))) | 0
}

/** Four bytes, the lowest first. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** The bytes before `end`, up to three. */
function partAt(bytes: Uint8Array, at: number, end: number): number {
  let word = 0
  for (let next = at, shift = 0; next < end; next++, shift += 8) word |= bytes[next]! << shift
  return word
}
