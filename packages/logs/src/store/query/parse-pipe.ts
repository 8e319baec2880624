import { milliseconds } from '@exprsn/core'
import type { Grouping, Pipe, StatsFunction } from './filter.ts'
import { invalidAt } from './lex.ts'
import type { TokenStream } from './token-stream.ts'

const functions: readonly string[] = ['count', 'distinct', 'sum', 'avg', 'min', 'max', 'quantile', 'rate']

/** Reads what stands behind a `|`: one pipe, or what `top` is short for. */
export function parsePipes(stream: TokenStream): Pipe[] {
  if (!stream.isWord('top')) return [parsePipe(stream)]
  stream.take()
  const count = wholeNumber(stream)
  const groups = stream.takeWord('by') ? names(stream) : []
  if (groups.length === 0) throw invalidAt(stream.peek.offset, 'top says by which fields')
  const first = { name: 'count', isDescending: true }
  return [
    { type: 'stats', functions: [{ name: 'count', as: 'count' }], by: groups.map((field) => ({ field, as: field })) },
    { type: 'sort', keys: [first, ...groups.map((name) => ({ name, isDescending: false }))] },
    { type: 'limit', count },
  ]
}

function parsePipe(stream: TokenStream): Pipe {
  const { text: name, offset } = stream.take()
  if (name === 'stats') return parseStats(stream)
  if (name === 'sort') return parseSort(stream)
  if (name === 'limit') return { type: 'limit', count: wholeNumber(stream) }
  if (name === 'fields') return { type: 'fields', names: names(stream) }
  if (name === 'patterns') return { type: 'patterns' }
  throw invalidAt(offset, `"${name}" is none of stats, top, sort, limit, fields, patterns`)
}

function parseStats(stream: TokenStream): Pipe {
  const found = [parseFunction(stream)]
  while (stream.takeSign(',')) found.push(parseFunction(stream))
  const by: Grouping[] = []
  if (stream.takeWord('by'))
    do by.push(parseGrouping(stream))
    while (stream.takeSign(','))
  const columns = [...found, ...by].map(({ as }) => as)
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (twice !== undefined) throw invalidAt(stream.peek.offset, `two columns are named "${twice}": say as`)
  return { type: 'stats', functions: found, by }
}

function parseFunction(stream: TokenStream): StatsFunction {
  const { text: name, offset } = stream.take()
  if (!functions.includes(name)) throw invalidAt(offset, `"${name}" is none of ${functions.join(', ')}`)
  stream.expectSign('(')
  let fraction: number | undefined
  if (name === 'quantile') {
    const at = stream.peek.offset
    fraction = Number(stream.takeValue())
    if (!(fraction >= 0 && fraction <= 1)) throw invalidAt(at, 'a quantile is a number from 0 to 1')
    stream.expectSign(',')
  }
  const needsField = name !== 'count' && name !== 'rate'
  const field = needsField || (name === 'count' && !stream.isSign(')')) ? stream.takeValue() : undefined
  stream.expectSign(')')
  const plain = `${name}(${[fraction, field].filter((part) => part !== undefined).join(',')})`
  const as = stream.takeWord('as') ? stream.takeValue() : plain === 'count()' ? 'count' : plain
  return { name: name as StatsFunction['name'], field, fraction, as }
}

function parseGrouping(stream: TokenStream): Grouping {
  const { type, offset } = stream.peek
  const field = stream.takeValue()
  if (type === 'word' && field === 'bucket' && stream.takeSign('(')) {
    const text = stream.takeValue()
    if (!/^\d+(?:ms|s|m|h|d|w)$/.test(text)) throw invalidAt(offset, `"${text}" is no span of time such as 5m`)
    const bucket = milliseconds(text as '1s')
    if (bucket <= 0) throw invalidAt(offset, 'a bucket is longer than nothing')
    stream.expectSign(')')
    return { bucket, as: stream.takeWord('as') ? stream.takeValue() : 'time' }
  }
  return { field, as: stream.takeWord('as') ? stream.takeValue() : field }
}

function parseSort(stream: TokenStream): Pipe {
  stream.takeWord('by')
  const keys = []
  do {
    let name = stream.takeValue()
    // The names that functions get by themselves: avg(latency).
    if (stream.isSign('(') && !stream.peek.isApart) {
      stream.take()
      const parts = []
      while (!stream.isSign(')') && !stream.isEnd) parts.push(stream.take().text)
      stream.expectSign(')')
      name += name === 'count' && parts.length === 0 ? '' : `(${parts.join('')})`
    }
    const isDescending = stream.takeWord('desc')
    if (!isDescending) stream.takeWord('asc')
    keys.push({ name, isDescending })
  } while (stream.takeSign(','))
  return { type: 'sort', keys }
}

function names(stream: TokenStream): string[] {
  const found = [stream.takeValue()]
  while (stream.takeSign(',')) found.push(stream.takeValue())
  return found
}

function wholeNumber(stream: TokenStream): number {
  const { offset } = stream.peek
  const count = Number(stream.takeValue())
  if (!Number.isSafeInteger(count) || count < 0) throw invalidAt(offset, 'a whole number should stand here')
  return count
}
