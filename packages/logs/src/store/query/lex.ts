import { storeErrors } from '../errors.ts'

/** A word of the language. */
export interface Token {
  readonly type: 'word' | 'text' | 'sign' | 'end'
  readonly text: string
  readonly offset: number
  /** Whether blanks stand before it. */
  readonly isApart: boolean
}

/** What ends a word. */
const signs = new Set('()[]|:=~<>!,*'.split(''))

/** The longest query that is read. */
const longestQuery = 64 * 1_024

/** Takes a query apart. @throws `LOGS_QUERY_INVALID` */
export function lex(query: string): Token[] {
  if (query.length > longestQuery) throw invalidAt(longestQuery, 'it is longer than 64 Ki')
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    const before = at
    while (at < query.length && isBlank(query.charCodeAt(at))) at++
    const common = { offset: at, isApart: at > before || at === 0 }
    if (at >= query.length) {
      tokens.push({ type: 'end', text: '', ...common })
      return tokens
    }
    const unit = query[at]!
    if (unit === '"') {
      const { text, end } = quoted(query, at)
      tokens.push({ type: 'text', text, ...common })
      at = end
    } else if ((unit === '<' || unit === '>') && query[at + 1] === '=') {
      tokens.push({ type: 'sign', text: `${unit}=`, ...common })
      at += 2
    } else if (signs.has(unit)) {
      tokens.push({ type: 'sign', text: unit, ...common })
      at++
    } else {
      const from = at
      while (at < query.length && !isBlank(query.charCodeAt(at)) && !signs.has(query[at]!) && query[at] !== '"') at++
      tokens.push({ type: 'word', text: query.slice(from, at), ...common })
    }
  }
}

/** What is wrong, and where. */
export function invalidAt(offset: number, reason: string) {
  return storeErrors.LOGS_QUERY_INVALID({ offset, reason })
}

/** `\"` and `\\` stand for what they look like; other backslashes for themselves, as patterns need them. */
function quoted(query: string, start: number): { readonly text: string; readonly end: number } {
  let text = ''
  for (let at = start + 1; at < query.length; at++) {
    const unit = query[at]!
    if (unit === '"') return { text, end: at + 1 }
    if (unit === '\\' && (query[at + 1] === '"' || query[at + 1] === '\\')) text += query[++at]!
    else text += unit
  }
  throw invalidAt(start, 'the quotation mark is never closed')
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
}
