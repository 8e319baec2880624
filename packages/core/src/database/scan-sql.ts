/** The engines whose lexical rules are known. */
export type SqlDialect = 'sqlite' | 'postgres'

/**
 * - `space`: white space or a comment
 * - `text`: a quoted or dollar-quoted string
 * - `name`: a quoted identifier
 * - `word`: an unquoted identifier, keyword or number
 * - `placeholder`: `$` and digits
 * - `symbol`: any other single character
 */
export type SqlTokenKind = 'space' | 'text' | 'name' | 'word' | 'placeholder' | 'symbol'

/** A stretch of SQL text, from `start` (included) to `end` (excluded). */
export interface SqlToken {
  readonly kind: SqlTokenKind
  readonly start: number
  readonly end: number
}

const space = /\s+/y
const word = /[\p{L}\p{N}_\u0080-\u{10ffff}][\p{L}\p{N}_$\u0080-\u{10ffff}]*/uy
const placeholder = /\$\d+/y
const dollarTag = /\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy

/**
 * Cuts SQL into tokens that together are the whole text. An unterminated string or comment reaches to the end: the
 * engine will say so better.
 *
 * Rules: PostgreSQL manual §4.1 "Lexical Structure" (with `standard_conforming_strings` on), SQLite `tokenize.c`.
 */
export function scanSql(text: string, dialect: SqlDialect): SqlToken[] {
  const tokens: SqlToken[] = []
  let start = 0
  while (start < text.length) {
    const [kind, end] = nextToken(text, start, dialect)
    tokens.push({ kind, start, end })
    start = end
  }
  return tokens
}

function nextToken(text: string, start: number, dialect: SqlDialect): readonly [SqlTokenKind, number] {
  const postgres = dialect === 'postgres'
  const first = text[start]!
  if (first === "'") return ['text', quoteEnd(text, start + 1, "'")]
  if (first === '"') return ['name', quoteEnd(text, start + 1, '"')]
  if (first === '-' && text[start + 1] === '-') return ['space', lineEnd(text, start)]
  if (first === '/' && text[start + 1] === '*') return ['space', commentEnd(text, start, postgres)]
  if (first === '$') return dollarToken(text, start)
  if (postgres && (first === 'e' || first === 'E') && text[start + 1] === "'")
    return ['text', escapedQuoteEnd(text, start + 2)]
  if (!postgres && first === '`') return ['name', quoteEnd(text, start + 1, '`')]
  if (!postgres && first === '[') return ['name', after(text, ']', start + 1)]
  const spaceEnd = matchEnd(space, text, start)
  if (spaceEnd !== undefined) return ['space', spaceEnd]
  const wordEnd = matchEnd(word, text, start)
  if (wordEnd !== undefined) return ['word', wordEnd]
  return ['symbol', start + 1]
}

function dollarToken(text: string, start: number): readonly [SqlTokenKind, number] {
  const end = matchEnd(placeholder, text, start)
  if (end !== undefined) return ['placeholder', end]
  const tagEnd = matchEnd(dollarTag, text, start)
  if (tagEnd === undefined) return ['symbol', start + 1]
  return ['text', after(text, text.slice(start, tagEnd), tagEnd)]
}

function matchEnd(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : undefined
}

/** A doubled quote stands for one and does not end the string. */
function quoteEnd(text: string, from: number, quote: string): number {
  let end = text.indexOf(quote, from)
  while (end !== -1 && text[end + 1] === quote) end = text.indexOf(quote, end + 2)
  return end === -1 ? text.length : end + 1
}

function escapedQuoteEnd(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    if (text[at] === '\\') at += 2
    else if (text[at] !== "'") at++
    else if (text[at + 1] === "'") at += 2
    else return at + 1
  }
  return text.length
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

/** Comments nest in PostgreSQL, not in SQLite. */
function commentEnd(text: string, start: number, nested: boolean): number {
  if (!nested) return after(text, '*/', start + 2)
  let depth = 1
  let at = start + 2
  while (depth > 0) {
    const close = text.indexOf('*/', at)
    if (close === -1) return text.length
    const open = text.indexOf('/*', at)
    const opens = open !== -1 && open < close
    depth += opens ? 1 : -1
    at = (opens ? open : close) + 2
  }
  return at
}

function after(text: string, closing: string, from: number): number {
  const end = text.indexOf(closing, from)
  return end === -1 ? text.length : end + closing.length
}
