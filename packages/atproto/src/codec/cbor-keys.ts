import { rawBytes } from './raw-bytes.ts'

const longestKept = 32
const slots = 1024
const kept: (string | undefined)[] = Array.from({ length: slots })

/**
 * The text of a map key. Records repeat few keys, so the last key of each hash is kept and compared instead of made again.
 *
 * @returns undefined when it is not ASCII and may be malformed
 */
export function readKey(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length > longestKept) return readRareKey(bytes, start, length)
  let hash = length
  for (let index = 0; index < length; index++) hash = (Math.imul(hash, 31) + bytes[start + index]!) | 0
  const slot = (hash ^ (hash >>> 10)) & (slots - 1)
  const candidate = kept[slot]
  if (candidate !== undefined && isText(candidate, bytes, start, length)) return candidate
  const key = readRareKey(bytes, start, length)
  if (key !== undefined && key.length === length) kept[slot] = key
  return key
}

function isText(candidate: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (candidate.length !== length) return false
  for (let index = 0; index < length; index++) {
    if (candidate.charCodeAt(index) !== bytes[start + index]) return false
  }
  // A kept key is ASCII, so equal codes are equal text.
  return true
}

function readRareKey(bytes: Uint8Array, start: number, length: number): string | undefined {
  const text = rawBytes.utf8Slice.call(bytes, start, start + length)
  return text.includes('\uFFFD') ? undefined : text
}
