import { rawBytes } from './raw-bytes.ts'

const longestKept = 32
const slots = 1024
const kept: (string | undefined)[] = Array.from({ length: slots })

/**
 * The text of a map key, or of another name. Records repeat few of them, so the last one of each hash is kept and compared
 * instead of made again.
 *
 * @returns undefined when it is not ASCII and may be malformed
 */
export function readName(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length > longestKept) return readRareName(bytes, start, length)
  let hash = length
  for (let index = 0; index < length; index++) hash = (Math.imul(hash, 31) + bytes[start + index]!) | 0
  const slot = (hash ^ (hash >>> 10)) & (slots - 1)
  const candidate = kept[slot]
  if (candidate !== undefined && isText(candidate, bytes, start, length)) return candidate
  const name = readRareName(bytes, start, length)
  if (name !== undefined && name.length === length) kept[slot] = internalized(name)
  return name
}

function isText(candidate: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (candidate.length !== length) return false
  for (let index = 0; index < length; index++) {
    if (candidate.charCodeAt(index) !== bytes[start + index]) return false
  }
  // A kept name is ASCII, so equal codes are equal text.
  return true
}

/** The engine's own copy of a property's name: with any other, each assignment would look for it first. */
function internalized(name: string): string {
  return Object.keys({ [name]: 0 })[0]!
}

function readRareName(bytes: Uint8Array, start: number, length: number): string | undefined {
  const text = rawBytes.utf8Slice.call(bytes, start, start + length)
  return text.includes('\uFFFD') ? undefined : text
}
