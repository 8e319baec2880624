import { milliseconds } from '@exprsn/core'
import { levelNames, levelOf, type LevelName } from '../../record/level.ts'
import type { Filter, Pipe, Query, RangeLimit, ValueTest } from './filter.ts'
import { invalidAt, lex } from './lex.ts'
import { parsePipes } from './parse-pipe.ts'
import { TokenStream } from './token-stream.ts'

/** Parentheses and NOTs in each other. */
const mostDepth = 64

/**
 * Reads a query.
 *
 * @param now milliseconds since 1970, for times such as `_time:5m`
 * @throws `LOGS_QUERY_INVALID`
 * @example
 * ```ts
 * import { parseQuery } from '@exprsn/logs/store'
 *
 * const query = parseQuery('level:error service:api | stats count() by bucket(5m)', Date.now())
 * console.log(query.filter.type, query.pipes[0]?.type) // and stats
 * ```
 */
export function parseQuery(text: string, now: number): Query {
  const stream = new TokenStream(lex(text))
  const filter = stream.isEnd || stream.isSign('|') ? ({ type: 'all' } as const) : parseOr(stream, now, 0)
  const pipes: Pipe[] = []
  while (stream.takeSign('|')) {
    const { offset } = stream.peek
    const found = parsePipes(stream)
    const [{ type }] = found as [Pipe]
    if ((type === 'stats' || type === 'patterns') && pipes.length > 0)
      throw invalidAt(offset, `${type} has to be the first pipe`)
    pipes.push(...found)
  }
  if (!stream.isEnd) throw invalidAt(stream.peek.offset, `"${stream.peek.text}" is not expected here`)
  return { filter, pipes }
}

function parseOr(stream: TokenStream, now: number, depth: number): Filter {
  const filters = [parseAnd(stream, now, depth)]
  while (stream.takeWord('OR')) filters.push(parseAnd(stream, now, depth))
  return filters.length === 1 ? filters[0]! : { type: 'or', filters }
}

function parseAnd(stream: TokenStream, now: number, depth: number): Filter {
  const filters = [parseNot(stream, now, depth)]
  while (!stream.isEnd && !stream.isSign('|') && !stream.isSign(')') && !stream.isWord('OR')) {
    stream.takeWord('AND')
    filters.push(parseNot(stream, now, depth))
  }
  return filters.length === 1 ? filters[0]! : { type: 'and', filters }
}

function parseNot(stream: TokenStream, now: number, depth: number): Filter {
  if (depth > mostDepth) throw invalidAt(stream.peek.offset, `more than ${mostDepth} filters stand in each other`)
  if (stream.takeWord('NOT') || stream.takeSign('!')) return { type: 'not', filter: parseNot(stream, now, depth + 1) }
  const { type, text, offset } = stream.peek
  if (type === 'word' && text.startsWith('-')) {
    stream.replace({ type: 'word', text: text.slice(1), offset: offset + 1, isApart: false })
    if (text === '-') stream.take()
    return { type: 'not', filter: parseNot(stream, now, depth + 1) }
  }
  if (stream.takeSign('(')) {
    const filter = parseOr(stream, now, depth + 1)
    stream.expectSign(')')
    return filter
  }
  return parseMatch(stream, now)
}

function parseMatch(stream: TokenStream, now: number): Filter {
  if (stream.takeSign('*')) return { type: 'all' }
  const first = stream.peek
  if (first.type === 'word' || first.type === 'text') {
    stream.take()
    if (stream.isSign(':') && !stream.peek.isApart) {
      stream.take()
      return first.text === '_time' && first.type === 'word'
        ? parseTime(stream, now)
        : fieldFilter(first.text, parseTest(stream))
    }
    return { type: 'match', test: phraseOrPrefix(stream, first.text) }
  }
  return { type: 'match', test: parseTest(stream) }
}

/** `level:error` asks for what the line means, not for the text that stands there. */
function fieldFilter(field: string, test: ValueTest): Filter {
  if (field === 'level') {
    const names = levelsOf(test)
    if (names !== undefined) return { type: 'match', field, test: { type: 'level', names } }
  }
  return { type: 'match', field, test }
}

function levelsOf(test: ValueTest): readonly LevelName[] | undefined {
  if (test.type === 'phrase' || test.type === 'equals') {
    const name = levelOf(test.text)
    return name === undefined ? undefined : [name]
  }
  if (test.type === 'in') {
    const names = test.texts.map((text) => levelOf(text))
    return names.includes(undefined) ? undefined : (names as LevelName[])
  }
  if (test.type !== 'range') return undefined
  const [from, to] = [levelOf(test.from?.value), levelOf(test.to?.value)]
  if (
    (test.from !== undefined && typeof test.from.value !== 'string') ||
    (test.to !== undefined && typeof test.to.value !== 'string')
  )
    return undefined
  if ((test.from !== undefined && from === undefined) || (test.to !== undefined && to === undefined)) return undefined
  const first = from === undefined ? 0 : levelNames.indexOf(from) + (test.from!.isIncluded ? 0 : 1)
  const last = to === undefined ? levelNames.length - 1 : levelNames.indexOf(to) - (test.to!.isIncluded ? 0 : 1)
  return levelNames.slice(first, Math.max(first, last + 1))
}

function parseTest(stream: TokenStream): ValueTest {
  const { type, text, offset } = stream.peek
  if (type === 'word' && text.toLowerCase() === 'in' && stream.isSignAfter('(')) {
    stream.take()
    stream.take()
    const texts = [stream.takeValue()]
    while (stream.takeSign(',')) texts.push(stream.takeValue())
    stream.expectSign(')')
    return { type: 'in', texts }
  }
  if (type === 'word' || type === 'text') {
    stream.take()
    return phraseOrPrefix(stream, text)
  }
  stream.take()
  if (text === '*') return { type: 'exists' }
  if (text === '=') return { type: 'equals', text: stream.takeValue() }
  if (text === '~') return { type: 'pattern', pattern: stream.takeValue() }
  if (text === '>' || text === '>=') return { type: 'range', from: limit(stream, text === '>=') }
  if (text === '<' || text === '<=') return { type: 'range', to: limit(stream, text === '<=') }
  if (text === '[' || text === '(') {
    const from = limit(stream, text === '[')
    stream.expectSign(',')
    const to = limit(stream, false)
    return { type: 'range', from, to: { ...to, isIncluded: takeEnd(stream) } }
  }
  throw invalidAt(offset, type === 'end' ? 'it ends where a value should stand' : `"${text}" is no value`)
}

function phraseOrPrefix(stream: TokenStream, text: string): ValueTest {
  if (stream.isSign('*') && !stream.peek.isApart) {
    stream.take()
    return text === '' ? { type: 'exists' } : { type: 'prefix', text }
  }
  return text === '' ? { type: 'exists' } : { type: 'phrase', text }
}

function limit(stream: TokenStream, isIncluded: boolean): RangeLimit {
  const { type } = stream.peek
  const text = stream.takeValue()
  const value = type === 'word' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  return { value, isIncluded }
}

/** Whether the end is included. */
function takeEnd(stream: TokenStream): boolean {
  if (stream.takeSign(']')) return true
  stream.expectSign(')')
  return false
}

/** `5m`, a day, or limits; a whole day, hour, minute or second where the text names no more. */
function parseTime(stream: TokenStream, now: number): Filter {
  const sign = stream.peek
  if (sign.type !== 'sign') {
    const { text, offset } = stream.takeTime()
    const span = durationOf(text)
    if (span !== undefined) return { type: 'time', from: now - span, to: now + 1 }
    return { type: 'time', ...instantOf(text, offset) }
  }
  stream.take()
  const at = (): { readonly from: number; readonly to: number } => {
    const { text, offset } = stream.takeTime()
    const span = durationOf(text)
    return span === undefined ? instantOf(text, offset) : { from: now - span, to: now - span + 1 }
  }
  if (sign.text === '>') return { type: 'time', from: at().to, to: Infinity }
  if (sign.text === '>=') return { type: 'time', from: at().from, to: Infinity }
  if (sign.text === '<') return { type: 'time', from: -Infinity, to: at().from }
  if (sign.text === '<=') return { type: 'time', from: -Infinity, to: at().to }
  if (sign.text !== '[' && sign.text !== '(') throw invalidAt(sign.offset, 'a time should stand here')
  const first = at()
  stream.expectSign(',')
  const last = at()
  return { type: 'time', from: sign.text === '[' ? first.from : first.to, to: takeEnd(stream) ? last.to : last.from }
}

function durationOf(text: string): number | undefined {
  return /^\d+(?:ms|s|m|h|d|w)$/.test(text) ? milliseconds(text as '1s') : undefined
}

/** What a text of ISO 8601 covers; without a zone it is UTC. Numbers are milliseconds since 1970. */
function instantOf(text: string, offset: number): { readonly from: number; readonly to: number } {
  if (/^\d{10,}$/.test(text)) return { from: Number(text), to: Number(text) + 1 }
  const parts = /^\d{4}-\d\d-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  if (parts !== null) {
    const [, clock, minutes, seconds, fraction, zone = 'Z'] = parts
    const date = text.slice(0, 10)
    const full = `${date}T${(clock ?? 'T00').slice(1, 3)}${(minutes ?? ':00').slice(0, 3)}${(seconds ?? ':00').slice(0, 3)}${fraction ?? ''}${zone}`
    const from = Date.parse(full)
    const span = fraction ? 1 : seconds ? 1_000 : minutes ? 60_000 : clock ? 3_600_000 : 86_400_000
    if (!Number.isNaN(from)) return { from, to: from + span }
  }
  throw invalidAt(offset, `"${text}" is no time`)
}
