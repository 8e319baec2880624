import { databaseErrors } from './errors.ts'
import { scanSql, type SqlDialect, type SqlToken } from './scan-sql.ts'
import { statementTokens } from './split-statements.ts'

/** What must be known about a statement before it is sent. */
export interface StatementShape {
  /**
   * The text for the engine. On SQLite every placeholder has become `?`: there `$1` is a name and cannot be bound by
   * position, and Node 22.19 takes `?1` for a name, too.
   */
  readonly sql: string
  /** The number of the value for each placeholder in the order of the text, from 1. */
  readonly order: readonly number[]
  /** How many values it takes. */
  readonly parameters: number
  /** Its first word, in lower case. */
  readonly verb: string
  /** Whether it certainly changes nothing. */
  readonly reads: boolean
}

const transactionVerbs = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release'])
const writingWords = new Set(['insert', 'update', 'delete', 'replace', 'merge', 'into'])
const maximumParameters = 32_766

/**
 * Checks one statement and makes it ready for an engine.
 *
 * @throws `CORE_DATABASE_STATEMENT_COUNT`, `CORE_DATABASE_PLACEHOLDER`, `CORE_DATABASE_TRANSACTION_STATEMENT`
 */
export function readStatement(text: string, dialect: SqlDialect): StatementShape {
  const tokens = scanSql(text, dialect)
  const [statement, ...others] = statementTokens(text, tokens, dialect)
  if (statement === undefined || others.length > 0)
    throw databaseErrors.CORE_DATABASE_STATEMENT_COUNT({ count: statement ? others.length + 1 : 0 })
  const words = statement.filter(({ kind }) => kind === 'word').map((token) => textOf(text, token).toLowerCase())
  const verb = words[0] ?? ''
  if (controlsTransaction(words)) throw databaseErrors.CORE_DATABASE_TRANSACTION_STATEMENT({ verb })
  if (dialect === 'sqlite') refuseForeignPlaceholders(text, statement)
  const order = placeholderNumbers(text, statement)
  return {
    sql: dialect === 'sqlite' ? anonymousPlaceholders(text, tokens) : text,
    order,
    parameters: countParameters(order),
    verb,
    reads: ['select', 'values', 'with'].includes(verb) && !words.some((word) => writingWords.has(word)),
  }
}

function textOf(text: string, token: SqlToken): string {
  return text.slice(token.start, token.end)
}

function controlsTransaction([verb = '', second]: readonly string[]): boolean {
  return transactionVerbs.has(verb) || (verb === 'prepare' && second === 'transaction')
}

/** SQLite would also take `?`, `:name`, `@name` and `$name`, and bind NULL to those that got no value. */
function refuseForeignPlaceholders(text: string, statement: readonly SqlToken[]): void {
  for (const [index, token] of statement.entries()) {
    const symbol = token.kind === 'symbol' ? text[token.start]! : ''
    const next = statement[index + 1]
    const named = [':', '@', '$', '#'].includes(symbol) && next?.start === token.end && next.kind === 'word'
    if (symbol !== '?' && !named) continue
    const found = named ? symbol + textOf(text, next) : symbol
    throw databaseErrors.CORE_DATABASE_PLACEHOLDER({ reason: `"${found}" stands where $1, $2, … are expected` })
  }
}

function placeholderNumbers(text: string, statement: readonly SqlToken[]): number[] {
  return statement
    .filter(({ kind }) => kind === 'placeholder')
    .map(({ start, end }) => Number(text.slice(start + 1, end)))
}

function countParameters(order: readonly number[]): number {
  const used = new Set(order)
  const highest = order.reduce((left, right) => Math.max(left, right), 0)
  if (used.has(0) || highest > maximumParameters || order.length > maximumParameters)
    throw databaseErrors.CORE_DATABASE_PLACEHOLDER({
      reason: `they are numbered from $1 to $${maximumParameters} at most`,
    })
  for (let number = 1; number < highest; number++)
    if (!used.has(number))
      throw databaseErrors.CORE_DATABASE_PLACEHOLDER({ reason: `$${highest} is used but $${number} is not` })
  return highest
}

function anonymousPlaceholders(text: string, tokens: readonly SqlToken[]): string {
  let rewritten = ''
  for (const token of tokens) rewritten += token.kind === 'placeholder' ? '?' : textOf(text, token)
  return rewritten
}
