/**
 * The meaning of `phrase` and `prefix` as a pattern of RE2 that is searched for in a value: the text, letters of ASCII in either
 * case, neither beginning nor (for a phrase) ending within a token.
 */
export function textPattern(text: string, endsToken: boolean): string {
  const before = isToken(text[0]) ? '(?:^|[^0-9A-Za-z_])' : ''
  const after = endsToken && isToken(text.at(-1)) ? '(?:[^0-9A-Za-z_]|$)' : ''
  return `${before}${foldedText(text)}${after}`
}

/** A decimal number, as values have to be written to be compared with numbers. */
export const numberPattern = '^[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?$'

/** A text as a pattern of RE2: letters of ASCII in either case, everything else as it is. */
export function foldedText(text: string): string {
  return Array.from(text, foldedUnit).join('')
}

function foldedUnit(character: string): string {
  if (/^[A-Za-z]$/.test(character)) return `[${character.toUpperCase()}${character.toLowerCase()}]`
  if (/^[0-9_ ]$/.test(character)) return character
  // Unlike `(?i)`, this takes no other letter for one of ASCII, such as the sign of Kelvin for a k.
  return `\\x{${character.codePointAt(0)!.toString(16)}}`
}

/** Whether a character is one of a token. */
export function isToken(unit: string | undefined): boolean {
  return unit !== undefined && /^[A-Za-z0-9_]$/.test(unit)
}
