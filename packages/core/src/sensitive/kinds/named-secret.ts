import { isAlphanumeric } from '../characters.ts'
import type { Span } from '../sensitive-kind.ts'

const longestName = 48
const longestValue = 8192
/** These are secret also at the end of a longer word: `dbpassword`. */
const anywhere =
  /(?:pass(?:word|phrase|wd)|secret|credentials?|authori[sz]ation|api[_.-]?key|(?:access|private|signing|encryption)[_.-]?key|(?:access|auth|refresh|session|bearer|csrf)[_.-]?token|session[_.-]?id)$/i
/** These only as words of their own, so that a compass stays one. */
const asWord = /(?:pass|pwd|token|cookie)$/i
/** Says nothing, or was masked already. */
const nothing = /^(?:true|false|null|undefined|none|nil|redacted|\[.*|\*+|x{3,})$/i
const scheme = /(?:Bearer|Basic|Token|Digest) {1,64}/iy
const sampleSize = 64
const fewestRandom = 8
/** Bits per character: English words in lower case have about 3 or less in such lengths. */
const randomBits = 3

/** Whether the name of a field says that its value is secret. */
export function isSecretName(name: string): boolean {
  if (name.length > longestName) return false
  if (anywhere.test(name)) return true
  const found = asWord.exec(name)
  return found !== null && beginsWord(name, found.index)
}

/** At the start, behind a sign or digit, or as the hump of `dbToken`. */
function beginsWord(name: string, at: number): boolean {
  return at === 0 || !/[a-z]/i.test(name[at - 1]!) || /[a-z][A-Z]/.test(name.slice(at - 1, at + 1))
}

/**
 * Finds values that stand next to the name of a secret. One finder reads one text from left to right: where a value without
 * quotes ends is remembered, so that `token=token=token=…` takes no longer than another text.
 */
export class NamedSecretFinder {
  #runStart = 0
  #runEnd = 0

  /** The value behind the `=` or `:` at `at`, when the name before it is that of a secret. */
  match(text: string, at: number): Span | undefined {
    const before = withoutQuote(text, at)
    let from = before
    while (from > 0 && before - from < longestName && isName(text.charCodeAt(from - 1))) from--
    if (from === before || !isSecretName(text.slice(from, before))) return undefined
    let start = at + 1
    while (start - at < 4 && text.charCodeAt(start) === 0x20) start++
    const escaped = text.charCodeAt(start) === backslash && isQuote(text.charCodeAt(start + 1))
    if (escaped) start++
    const quote = isQuote(text.charCodeAt(start)) ? text.charCodeAt(start++) : 0
    scheme.lastIndex = start
    const bearer = scheme.test(text)
    if (bearer) start = scheme.lastIndex
    const end = quote === 0 ? this.#endOfRun(text, start) : endOfQuoted(text, start, quote, escaped)
    const sample = text.slice(start, Math.min(end, start + sampleSize))
    if (sample === '' || nothing.test(sample)) return undefined
    // `password=x` and `"password": "x"` are data; `password: x` may be prose.
    const isData = text.charCodeAt(at) === 0x3d || quote !== 0 || bearer
    return isData || looksRandom(sample) ? { start, end } : undefined
  }

  #endOfRun(text: string, start: number): number {
    if (start < this.#runStart || start >= this.#runEnd) {
      let end = start
      while (end < text.length && !endsRun(text.charCodeAt(end))) end++
      this.#runStart = start
      this.#runEnd = end
    }
    return Math.min(this.#runEnd, start + longestValue)
  }
}

const backslash = 0x5c
const lineBreak = 0x0a

/** The index behind the name: a quote, also an escaped one, and one space may stand between it and the sign. */
function withoutQuote(text: string, at: number): number {
  let before = at
  if (text.charCodeAt(before - 1) === 0x20) before--
  if (isQuote(text.charCodeAt(before - 1))) before--
  if (text.charCodeAt(before - 1) === backslash) before--
  return before
}

/** The closing quote, or the end of the line. What is escaped is part of the value; in a text that is itself escaped, quotes are. */
function endOfQuoted(text: string, start: number, quote: number, escaped: boolean): number {
  const most = Math.min(text.length, start + longestValue)
  let end = start
  while (end < most) {
    const code = text.charCodeAt(end)
    if (code === quote || code === lineBreak) break
    if (code !== backslash) end++
    else if (escaped && text.charCodeAt(end + 1) === quote) break
    else end += 2
  }
  return Math.min(end, most)
}

/** Space and below, quotes, `&`, `)`, `,`, `;`, `<`, `>`, `]` and `}`. */
function endsRun(code: number): boolean {
  return code <= 0x22 || runEnds.has(code)
}

const runEnds = new Set(Array.from("&'),;<>]}", (character) => character.charCodeAt(0)))

/** Shannon entropy over the characters, and not words alone. */
function looksRandom(value: string): boolean {
  if (value.length < fewestRandom || !/\d/.test(value) || !/[a-z]/i.test(value)) return false
  const counts = new Map<string, number>()
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits >= randomBits || (value.length < 12 && bits >= 2.75)
}

function isName(code: number): boolean {
  return isAlphanumeric(code) || code === 0x5f || code === 0x2d || code === 0x2e
}

function isQuote(code: number): boolean {
  return code === 0x22 || code === 0x27 || code === 0x60
}
