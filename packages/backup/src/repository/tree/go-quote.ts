import type { DiskPath } from '@exprsn/core/disk'

/** Names that every step leaves as they are: the common case, decided by one test. */
const plain = /^[ !#-%'-;=?-[\]-~]*$/
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const shortEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

/**
 * A name as Go's `strconv.Quote` writes it, without the outer quotes: what restic puts into its trees, so that names of
 * any bytes survive JSON.
 */
export function goQuote(name: DiskPath): string {
  if (typeof name === 'string') return plain.test(name) ? name : quoteText(name)
  let quoted = ''
  for (const piece of utf8Pieces(name)) {
    quoted += typeof piece === 'string' ? quoteText(piece) : `\\x${hex(piece, 2)}`
  }
  return quoted
}

/** The name that {@link goQuote} was given, or undefined when the text is no such quotation. */
export function goUnquote(quoted: string): DiskPath | undefined {
  if (!quoted.includes('\\')) return quoted.includes('"') || quoted.includes('\n') ? undefined : quoted
  const bytes = unquoteBytes(quoted)
  if (bytes === undefined) return undefined
  try {
    return strict.decode(bytes)
  } catch {
    return bytes
  }
}

function quoteText(text: string): string {
  let quoted = ''
  for (const character of text) quoted += quoteCharacter(character)
  return quoted
}

function quoteCharacter(character: string): string {
  const short = shortEscapes[character]
  if (short !== undefined) return short
  if (printable.test(character)) return character
  const code = character.codePointAt(0)!
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** Characters of valid UTF-8 as text, every other byte as a number. */
function* utf8Pieces(bytes: Uint8Array): Generator<string | number, void, void> {
  let at = 0
  while (at < bytes.length) {
    const character = characterAt(bytes, at)
    yield character?.text ?? bytes[at]!
    at += character?.length ?? 1
  }
}

function characterAt(bytes: Uint8Array, at: number): { readonly text: string; readonly length: number } | undefined {
  const first = bytes[at]!
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  try {
    return { text: strict.decode(bytes.subarray(at, at + length)), length }
  } catch {
    return undefined
  }
}

const unescapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  '"': 34,
}

function unquoteBytes(quoted: string): Uint8Array | undefined {
  const parts: Uint8Array[] = []
  const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\"]))/y
  let at = 0
  while (at < quoted.length) {
    const next = quoted.indexOf('\\', at)
    if (next !== at) {
      const end = next === -1 ? quoted.length : next
      parts.push(Buffer.from(quoted.slice(at, end)))
      at = end
      continue
    }
    escape.lastIndex = at
    const match = escape.exec(quoted)
    const bytes = match === null ? undefined : escapedBytes(match)
    if (bytes === undefined) return undefined
    parts.push(bytes)
    at = escape.lastIndex
  }
  return new Uint8Array(Buffer.concat(parts))
}

function escapedBytes([, byte, short, long, octal, letter]: RegExpExecArray): Uint8Array | undefined {
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16))
  if (letter !== undefined) return Uint8Array.of(unescapes[letter]!)
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8)
    return value > 255 ? undefined : Uint8Array.of(value)
  }
  const code = Number.parseInt((short ?? long)!, 16)
  const isScalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return isScalar ? Buffer.from(String.fromCodePoint(code)) : undefined
}
