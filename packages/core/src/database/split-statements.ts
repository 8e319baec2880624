import { scanSql, type SqlDialect, type SqlToken } from './scan-sql.ts'

/** One statement of a longer text. */
export interface SqlStatement {
  /** Without surrounding space and without the semicolon. */
  readonly text: string
  /** The line it starts on, from 1. */
  readonly line: number
}

/**
 * Cuts SQL text into statements at the semicolons that end one: not those inside quotes, comments, dollar quotes,
 * parentheses, SQLite's trigger bodies or PostgreSQL's `begin atomic … end` bodies.
 */
export function splitStatements(text: string, dialect: SqlDialect): SqlStatement[] {
  return statementTokens(text, scanSql(text, dialect), dialect).map((tokens) => {
    const start = tokens[0]!.start
    return {
      text: text.slice(start, tokens.at(-1)!.end),
      line: text.slice(0, start).split('\n').length,
    }
  })
}

/** The meaningful tokens of each statement; statements without any are left out. */
export function statementTokens(text: string, tokens: readonly SqlToken[], dialect: SqlDialect): SqlToken[][] {
  const statements: SqlToken[][] = []
  let statement: SqlToken[] = []
  let body = bodyTracker(dialect)
  for (const token of tokens) {
    if (token.kind === 'space') continue
    const lower =
      token.kind === 'word' || token.kind === 'symbol' ? text.slice(token.start, token.end).toLowerCase() : ''
    if (lower !== ';' || body.holds()) {
      statement.push(token)
      body.see(lower)
      continue
    }
    if (statement.length > 0) statements.push(statement)
    statement = []
    body = bodyTracker(dialect)
  }
  if (statement.length > 0) statements.push(statement)
  return statements
}

interface BodyTracker {
  see(word: string): void
  /** Whether a semicolon here belongs to the statement. */
  holds(): boolean
}

function bodyTracker(dialect: SqlDialect): BodyTracker {
  const body = dialect === 'sqlite' ? triggerBody() : atomicBody()
  let parentheses = 0
  return {
    see(word) {
      if (word === '(') parentheses++
      else if (word === ')') parentheses--
      body.see(word)
    },
    holds: () => parentheses > 0 || body.holds(),
  }
}

/** A trigger's definition ends with `; end ;` and nowhere else: the rule of SQLite's own `sqlite3_complete`. */
function triggerBody(): BodyTracker {
  const head: string[] = []
  let last = ''
  let beforeLast = ''
  const isTrigger = (): boolean =>
    /^(?:explain (?:query plan )?)?create (?:temp |temporary )?trigger\b/.test(`${head.join(' ')} `)
  return {
    see(word) {
      if (head.length < 6) head.push(word)
      beforeLast = last
      last = word
    },
    holds: () => isTrigger() && !(last === 'end' && beforeLast === ';'),
  }
}

/** SQL-standard routine bodies (PostgreSQL 14): `create function … begin atomic …; …; end`. */
function atomicBody(): BodyTracker {
  let first = ''
  let routine = false
  let last = ''
  let depth = 0
  return {
    see(word) {
      first ||= word
      if (first === 'create' && (word === 'function' || word === 'procedure')) routine = true
      if (routine && word === 'atomic' && last === 'begin') depth++
      else if (depth > 0 && word === 'case') depth++
      else if (depth > 0 && word === 'end') depth--
      last = word
    },
    holds: () => depth > 0,
  }
}
