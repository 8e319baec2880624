import { foldedText, isToken, textPattern } from '../text-pattern.ts'

/** A unit of the body of a JSON string, and any number of them. */
const unit = '(?:[^"\\\\]|\\\\.)'
/** What stands before a string: signs of JSON, and strings that are whole. */
const upToString = `^\\{(?:[^"]|"${unit}*")*`
/** Within a string, before and behind a text that begins or ends a token: its edge, or a unit that is none of a token. */
const edgeBefore = `(?:${unit}*(?:[^"\\\\0-9A-Za-z_]|\\\\[^u]|\\\\u[0-9a-fA-F]{4}))?`
const edgeBehind = `(?:(?:[^"\\\\0-9A-Za-z_]|\\\\.)${unit}*)?`

/**
 * A pattern of RE2 that is searched for in a line as Loki keeps it: it matches where a value of the line, not a key, has the text
 * as a phrase or a prefix. A line that begins as an object of JSON is read as one.
 */
export function linePattern(text: string, endsToken: boolean): string {
  return `(?:${[inString(text, endsToken), inBareValue(text, endsToken), inText(text, endsToken)].filter(Boolean).join('|')})`
}

function inString(text: string, endsToken: boolean): string {
  // As JSON writes it: with escapes of quotes and backslashes.
  const escaped = JSON.stringify(text).slice(1, -1)
  const before = isToken(text[0]) ? edgeBefore : `${unit}*`
  const after = endsToken && isToken(text.at(-1)) ? edgeBehind : `${unit}*`
  return `${upToString}"${before}${foldedText(escaped)}${after}"\\s*[,}\\]]`
}

/** Numbers and the words `true` and `false`; `null` is no value. */
function inBareValue(text: string, endsToken: boolean): string {
  if (!/^[A-Za-z0-9_.+-]+$/.test(text) || 'null'.startsWith(text.toLowerCase())) return ''
  const [sign, any] = ['[^0-9A-Za-z_\\s",:{}\\[\\]]', '[^\\s",:{}\\[\\]]*']
  const before = isToken(text[0]) ? `(?:${any}${sign})?` : any
  const after = endsToken && isToken(text.at(-1)) ? `(?:${sign}${any})?` : any
  return `${upToString}[:,\\[]\\s*${before}${foldedText(text)}${after}\\s*[,}\\]]`
}

/** A line that is no object of JSON is one value. */
function inText(text: string, endsToken: boolean): string {
  const isBrace = text.startsWith('{')
  return `^(?:[^{](?s:.*))${isBrace ? '' : '?'}${textPattern(text, endsToken)}`
}
