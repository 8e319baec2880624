const classes = new Uint8Array(128)
const digit = 1
const letter = 2
const hex = 4
const token = 8
const emailLocal = 16
const domain = 32

mark('0123456789', digit | hex | token | emailLocal | domain)
mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', letter | token | emailLocal | domain)
mark('abcdefABCDEF', hex)
mark('_', token)
mark('-', token | domain)
mark("._%+-'", emailLocal)
mark('.', domain)

function mark(characters: string, flags: number): void {
  for (const character of characters) classes[character.charCodeAt(0)]! |= flags
}

function has(code: number, flags: number): boolean {
  // NaN, beyond either end of a text, is in no class.
  return code < 128 && (classes[code]! & flags) !== 0
}

export const isDigit = (code: number): boolean => code >= 48 && code <= 57
export const isAlphanumeric = (code: number): boolean => has(code, digit | letter)
export const isHex = (code: number): boolean => has(code, hex)
/** Letters, digits, `_` and `-`: what tokens and keys are made of (base64url). */
export const isToken = (code: number): boolean => has(code, token)
export const isEmailLocal = (code: number): boolean => has(code, emailLocal)
export const isDomain = (code: number): boolean => has(code, domain)

/** The index behind the characters of a class from `at` on, at most `limit` of them. */
export function endOf(text: string, at: number, isMember: (code: number) => boolean, limit: number): number {
  const most = Math.min(text.length, at + limit)
  let end = at
  while (end < most && isMember(text.charCodeAt(end))) end++
  return end
}
