import { createHash } from 'node:crypto'
import { rawBytes } from '../codec/index.ts'
import { isRecordPath, pathCharacters } from './record-path.ts'

const roundConstants = Int32Array.from(
  Buffer.from(
    '428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5d807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174' +
      'e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967' +
      '27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070' +
      '19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2',
    'hex',
  )
    .toString('hex')
    .match(/.{8}/g)!
    .map((word) => Number.parseInt(word, 16) | 0),
)

const schedule = new Int32Array(64)
const longestSingleBlock = 55

/**
 * The layer of a key in the tree: half the zero bits that its SHA-256 begins with. Keys fit into one block of the hash, and
 * a third of the time of verifying a repository would go into calling the native one for 20,000 of them.
 */
export function mstLayer(key: Uint8Array, length: number): number {
  if (length > longestSingleBlock) return layerOfLongKey(key, length)
  const word = firstWord(key, length)
  return word === 0 ? layerOfLongKey(key, length) : Math.clz32(word) >> 1
}

/** The layer of a key of ASCII text. */
export function mstLayerOfText(key: string): number {
  if (key.length > longestSingleBlock) return layerOfLongKey(Buffer.from(key), key.length)
  clearSchedule()
  for (let index = 0; index < key.length; index++)
    schedule[index >> 2]! |= key.charCodeAt(index) << (24 - ((index & 3) << 3))
  const word = firstWordOfSchedule(key.length)
  return word === 0 ? layerOfLongKey(Buffer.from(key), key.length) : Math.clz32(word) >> 1
}

/**
 * The layer of a path; −1 for what is no path, by the same rule as {@link isRecordPath}. Both in one pass over the text: the
 * two apart are a quarter of the time of building a tree.
 */
export function mstLayerOfPath(path: string): number {
  const { length } = path
  if (length > longestSingleBlock) return isRecordPath(path) ? layerOfLongKey(Buffer.from(path), length) : -1
  clearSchedule()
  let slash = -1
  for (let index = 0; index < length; index++) {
    const code = path.charCodeAt(index)
    const kind = code < 128 ? pathCharacters[code]! : 0
    if (kind === 0 || (kind === 2 && slash >= 0)) return -1
    if (kind === 2) slash = index
    schedule[index >> 2]! |= code << (24 - ((index & 3) << 3))
  }
  // What is rare at the ends is left to the plain rule: a name that begins with a sign, keys of dots.
  const isOdd = slash < 1 || length - slash < 4 || !isLetterOrDigit(path.charCodeAt(0))
  if (isOdd && !isRecordPath(path)) return -1
  const word = firstWordOfSchedule(length)
  return word === 0 ? layerOfLongKey(Buffer.from(path), length) : Math.clz32(word) >> 1
}

function isLetterOrDigit(code: number): boolean {
  const lower = code | 32
  return (lower >= 97 && lower <= 122) || (code >= 48 && code <= 57)
}

/** For keys of several blocks, and for the one in four billion whose first 32 bits are zero. */
function layerOfLongKey(key: Uint8Array, length: number): number {
  const digest = createHash('sha256').update(key.subarray(0, length)).digest()
  let zeros = 0
  for (const byte of digest) {
    if (byte !== 0) return (zeros + Math.clz32(byte) - 24) >> 1
    zeros += 8
  }
  return zeros >> 1
}

/** The first 32 bits of the SHA-256 of at most 55 bytes. */
function firstWord(key: Uint8Array, length: number): number {
  clearSchedule()
  for (let index = 0; index < length; index++) schedule[index >> 2]! |= key[index]! << (24 - ((index & 3) << 3))
  return firstWordOfSchedule(length)
}

function clearSchedule(): void {
  for (let index = 0; index < 14; index++) schedule[index] = 0
}

/** The same (FIPS 180-4) when the bytes stand in the schedule already. */
function firstWordOfSchedule(length: number): number {
  const w = schedule
  w[length >> 2]! |= 0x80 << (24 - ((length & 3) << 3))
  w[14] = 0
  w[15] = length << 3
  for (let index = 16; index < 64; index++) {
    const x = w[index - 15]!
    const y = w[index - 2]!
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[index] = (w[index - 16]! + s0 + w[index - 7]! + s1) | 0
  }
  let a = 0x6a09e667 | 0
  let b = 0xbb67ae85 | 0
  let c = 0x3c6ef372 | 0
  let d = 0xa54ff53a | 0
  let e = 0x510e527f | 0
  let f = 0x9b05688c | 0
  let g = 0x1f83d9ab | 0
  let h = 0x5be0cd19 | 0
  for (let index = 0; index < 64; index++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[index]! + w[index]!) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  return (a + (0x6a09e667 | 0)) | 0
}

/** The text of a key of ASCII bytes. */
export function keyText(key: Uint8Array, length: number): string {
  return rawBytes.latin1Slice.call(key, 0, length)
}
