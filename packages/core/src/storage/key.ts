import { storageErrors } from './errors.ts'

const longestKey = 1_024
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001f\u007f\ufffe\uffff]/
const loneSurrogate = /\p{Surrogate}/u

/**
 * Why a text is not a key, or undefined when it is one: 1 to 1,024 bytes of UTF-8 without control characters (an XML
 * listing cannot carry them), parts separated by `/`, none of them empty, `.` or `..`.
 */
export function keyProblem(key: string): string | undefined {
  if (typeof key !== 'string' || key === '') return 'it is empty'
  if (loneSurrogate.test(key)) return 'it is not well-formed Unicode'
  if (Buffer.byteLength(key) > longestKey) return `it is longer than ${longestKey} bytes`
  if (controlCharacter.test(key)) return 'it contains a control character'
  for (const part of key.split('/')) {
    if (part === '') return 'one of its parts is empty'
    if (part === '.' || part === '..') return `one of its parts is "${part}"`
  }
  return undefined
}

/**
 * Returns the key, checked.
 *
 * @throws `CORE_STORAGE_KEY_INVALID`
 */
export function checkKey(key: string): string {
  const reason = keyProblem(key)
  if (reason !== undefined) throw storageErrors.CORE_STORAGE_KEY_INVALID({ key, reason })
  return key
}

/**
 * Orders keys by their UTF-8 bytes, as every store lists them. It differs from `<` on strings only where a character
 * beyond U+FFFF (two surrogates, 0xD800 to 0xDFFF) meets one from U+E000 to U+FFFF, which UTF-8 puts first.
 */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index++) {
    const difference = utf8Rank(left.charCodeAt(index)) - utf8Rank(right.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** The keys that a listing of a prefix gives after a key, in their order. */
export function listedKeys(keys: Iterable<string>, prefix: string, after: string): string[] {
  return [...keys].filter((key) => isListed(key, prefix, after)).sort(compareKeys)
}

/** Whether a listing of a prefix, which begins after a key, holds this one. */
export function isListed(key: string, prefix: string, after: string): boolean {
  return key.startsWith(prefix) && compareKeys(key, after) > 0
}

function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
