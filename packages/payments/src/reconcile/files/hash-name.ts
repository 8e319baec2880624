import { partWord } from './byte-view.ts'

/**
 * A hash of a name, 32 bits: Bob Jenkins's lookup3 (2006, public domain), as PostgreSQL's `hashtext` computes it, so that a
 * database can do the same.
 */
export function hashName(view: DataView, start: number, end: number): number {
  const length = end - start
  let a = (0x9e3779b9 + length + 3_923_095) | 0
  let b = a
  let c = a
  let at = start
  for (; end - at >= 12; at += 12) {
    a = (a + view.getInt32(at, true)) | 0
    b = (b + view.getInt32(at + 4, true)) | 0
    c = (c + view.getInt32(at + 8, true)) | 0
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
  if (rest > 8) c = (c + (partWord(view, at + 8, end) << 8)) | 0
  if (rest > 4) b = (b + (rest >= 8 ? view.getInt32(at + 4, true) : partWord(view, at + 4, end))) | 0
  if (rest > 0) a = (a + (rest >= 4 ? view.getInt32(at, true) : partWord(view, at, end))) | 0
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0
  return ((c ^ b) - ((b << 24) | (b >>> 8))) | 0
}
