import { unsupported } from '../create-search.ts'
import { isToken } from '../text-pattern.ts'

/** Elasticsearch refuses longer ones (`index.max_regex_length`). */
const longest = 1_000

const shorthands: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: '\t\n\f\r ' }
const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' }

/**
 * A pattern of RE2 that is searched for in a value, as one of Lucene that the whole value has to match. What Lucene has no word
 * for is refused: flags, boundaries of words, classes by name, and anchors but at the ends.
 *
 * @throws `LOGS_SEARCH_UNSUPPORTED`
 */
export function lucenePattern(pattern: string): string {
  const refuse = (part: string): Error => unsupported('Elasticsearch', `the pattern ${pattern.slice(0, 100)}: ${part}`)
  let at = 0
  const isAnchoredAtStart = pattern.startsWith('^')
  const isAnchoredAtEnd = /(?<!\\)(?:\\\\)*\$$/.test(pattern)
  if (isAnchoredAtStart) at++
  const end = isAnchoredAtEnd ? pattern.length - 1 : pattern.length
  let [body, depth, hasAlternatives] = ['', 0, false]
  while (at < end) {
    const unit = pattern[at]!
    if (unit === '\\') {
      body += escapeOf(pattern[at + 1] ?? '', refuse)
      at += 2
    } else if (unit === '[') {
      const found = classAt(pattern, at, refuse)
      body += found.text
      at = found.end
    } else if (unit === '(') {
      const isPlain = pattern.startsWith('(?:', at)
      if (!isPlain && pattern[at + 1] === '?') throw refuse('flags and names of groups')
      body += '('
      depth++
      at += isPlain ? 3 : 1
    } else if (unit === '{') {
      const repeat = /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(at, end))?.[0]
      if (repeat === undefined) throw refuse('a brace that is no repetition')
      body += repeat
      at += repeat.length
      if (pattern[at] === '?') at++
    } else if ('*+?'.includes(unit)) {
      body += unit
      at++
      // Whether as few or as many as possible does not matter for whether there is a match.
      if (pattern[at] === '?') at++
    } else if ('^$'.includes(unit)) throw refuse('an anchor that is not at an end')
    else {
      if (unit === '|' && depth === 0) hasAlternatives = true
      if (unit === ')') depth--
      body += unit === '.' ? '[^\n]' : '|)'.includes(unit) ? unit : literal(unit)
      at++
    }
  }
  if (hasAlternatives && (isAnchoredAtStart || isAnchoredAtEnd))
    throw refuse('an anchor of one of several alternatives')
  return checked(`${isAnchoredAtStart ? '' : '.*'}(${body})${isAnchoredAtEnd ? '' : '.*'}`)
}

/** The meaning of `phrase` and `prefix` as a pattern that the whole value has to match. */
export function luceneText(text: string, endsToken: boolean): string {
  const folded = (unit: string): string =>
    /^[A-Za-z]$/.test(unit) ? `[${unit.toUpperCase()}${unit.toLowerCase()}]` : literal(unit)
  const body = Array.from(text, folded).join('')
  const before = isToken(text[0]) ? '(.*[^0-9A-Za-z_])?' : '.*'
  const after = endsToken && isToken(text.at(-1)) ? '([^0-9A-Za-z_].*)?' : '.*'
  return checked(`${before}${body}${after}`)
}

function checked(pattern: string): string {
  if (pattern.length > longest)
    throw unsupported('Elasticsearch', `a text or pattern that long: ${longest} characters at most`)
  return pattern
}

function escapeOf(unit: string, refuse: (part: string) => Error): string {
  if (Object.hasOwn(shorthands, unit)) return `[${shorthands[unit]!}]`
  if (Object.hasOwn(shorthands, unit.toLowerCase())) return `[^${shorthands[unit.toLowerCase()]!}]`
  if (Object.hasOwn(controls, unit)) return controls[unit]!
  if (unit === '' || /[A-Za-z0-9]/.test(unit)) throw refuse(`\\${unit}`)
  return literal(unit)
}

/** A class of characters: what may stand in it is copied, each sign with a backslash. */
function classAt(
  pattern: string,
  start: number,
  refuse: (part: string) => Error,
): { readonly text: string; readonly end: number } {
  let at = start + 1
  let text = '['
  if (pattern[at] === '^') {
    text += '^'
    at++
  }
  for (let isFirst = true; ; isFirst = false) {
    const unit = pattern[at]
    if (unit === undefined) throw refuse('a class without an end')
    if (unit === ']' && !isFirst) return { text: `${text}]`, end: at + 1 }
    if (pattern.startsWith('[:', at)) throw refuse('a class by name')
    if (unit === '\\') {
      const next = pattern[at + 1] ?? ''
      if (Object.hasOwn(shorthands, next)) text += shorthands[next]!
      else if (Object.hasOwn(controls, next)) text += controls[next]!
      else if (/[A-Za-z0-9]/.test(next)) throw refuse(`\\${next} in a class`)
      else text += literal(next)
      at += 2
    } else {
      const isRange = unit === '-' && !isFirst && pattern[at + 1] !== ']'
      text += isRange ? '-' : literal(unit)
      at++
    }
  }
}

/** Itself, whatever it means to Lucene. */
function literal(unit: string): string {
  return /^[!-/:-@[-`{-~]$/.test(unit) && unit !== '_' ? `\\${unit}` : unit
}
