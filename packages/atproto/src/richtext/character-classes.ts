/** What `\s` is in a regular expression, by code unit. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13)
  if (code < 0x1680) return code === 0xa0
  return (
    code === 0x3000 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0xfeff ||
    code === 0x1680
  )
}

/** ASCII letter. */
export function isLetter(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122 && code < 0x80
}

/** ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** ASCII letter or digit. */
export function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isLetter(code)
}

/** Invisible characters that end a tag: soft hyphen, word joiner, zero-width spaces and joiners, and the enclosing screen. */
export function endsTag(code: number): boolean {
  if (code < 0x80) return isSpace(code)
  return code === 0xad || (code >= 0x200b && code <= 0x200d) || code === 0x2060 || code === 0x20e2 || isSpace(code)
}

/** What `\p{P}` is in a regular expression, by code point. */
export function isPunctuation(code: number): boolean {
  return code < 0x80 ? asciiPunctuation[code] === 1 : /\p{P}/u.test(String.fromCodePoint(code))
}

const asciiPunctuation = Uint8Array.from({ length: 0x80 }, (_, code) =>
  /\p{P}/u.test(String.fromCharCode(code)) ? 1 : 0,
)
