import { scanSql } from '../scan-sql.ts'

const readingVerbs = new Set(['select', 'values', 'table', 'show', 'explain', 'fetch'])
const writingVerbs = new Set(['insert', 'update', 'delete', 'merge'])

/**
 * Whether a PostgreSQL statement gives rows: its main verb reads, which after `with` is the first one outside of
 * parentheses, or it writes and has a `returning` there.
 */
export function returnsRows(sql: string): boolean {
  const words = outerWords(sql)
  const verb = words[0] === 'with' ? words.find((word) => readingVerbs.has(word) || writingVerbs.has(word)) : words[0]
  if (verb === undefined) return false
  return readingVerbs.has(verb) || (writingVerbs.has(verb) && words.includes('returning'))
}

function outerWords(sql: string): string[] {
  const words: string[] = []
  let depth = 0
  for (const { kind, start, end } of scanSql(sql, 'postgres')) {
    const text = sql.slice(start, end)
    if (text === '(') depth++
    else if (text === ')') depth--
    // A statement may stand in parentheses as a whole.
    else if (kind === 'word' && (depth === 0 || words.length === 0)) words.push(text.toLowerCase())
  }
  return words
}
