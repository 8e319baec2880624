import type { Filter, RangeLimit, ValueTest } from '../../store/query/filter.ts'
import { numberPattern, textPattern } from '../text-pattern.ts'
import type { SqlParameters } from './sql-parameters.ts'
import type { SqlValues } from './sql-values.ts'

/** A filter as a condition of SQL. @throws `LOGS_SEARCH_UNSUPPORTED` */
export function sqlFilter(filter: Filter, values: SqlValues, parameters: SqlParameters): string {
  switch (filter.type) {
    case 'all':
      return '1'
    case 'and':
    case 'or': {
      const parts = filter.filters.map((each) => sqlFilter(each, values, parameters))
      if (parts.length === 0) return filter.type === 'and' ? '1' : '0'
      return `(${parts.join(filter.type === 'and' ? ' AND ' : ' OR ')})`
    }
    case 'not':
      return `NOT ${sqlFilter(filter.filter, values, parameters)}`
    case 'time':
      return timeCondition(filter.from, filter.to)
    case 'match': {
      const { field, test } = filter
      if (test.type === 'level') return `(level IN (${test.names.map((name) => parameters.text(name)).join(', ')}))`
      const found = values.of(field)
      if (test.type === 'exists') return `notEmpty(${found})`
      const condition = `arrayExists(v -> ${sqlTest(test, parameters)}, ${found})`
      const hints = field === undefined || test.type === 'phrase' ? rawHints(test, parameters) : []
      return `(${[...hints, condition].join(' AND ')})`
    }
  }
}

/** Milliseconds since 1970; the column has whole ones. */
function timeCondition(from: number, to: number): string {
  const parts = []
  if (Number.isFinite(from)) parts.push(`toUnixTimestamp64Milli(time) >= ${Math.ceil(from)}`)
  if (Number.isFinite(to)) parts.push(`toUnixTimestamp64Milli(time) < ${Math.ceil(to)}`)
  return parts.length === 0 ? '1' : `(${parts.join(' AND ')})`
}

/** A condition on a value `v`. */
function sqlTest(test: Exclude<ValueTest, { type: 'exists' | 'level' }>, parameters: SqlParameters): string {
  switch (test.type) {
    case 'phrase':
    case 'prefix':
      return `match(v, ${parameters.text(`(?-s)${textPattern(test.text, test.type === 'phrase')}`)})`
    case 'equals':
      return `v = ${parameters.text(test.text)}`
    case 'in':
      return `v IN (${test.texts.map((text) => parameters.text(text)).join(', ')})`
    case 'pattern':
      // ClickHouse lets a dot match a newline; RE2 by itself does not.
      return `match(v, ${parameters.text(`(?-s)${test.pattern}`)})`
    case 'range':
      return rangeCondition(test, parameters)
  }
}

function rangeCondition({ from, to }: Extract<ValueTest, { type: 'range' }>, parameters: SqlParameters): string {
  const isNumeric = [from, to].every((each) => each === undefined || typeof each.value === 'number')
  const value = isNumeric ? 'toFloat64OrZero(v)' : 'v'
  const limit = (each: RangeLimit): string =>
    isNumeric ? parameters.number(Number(each.value)) : parameters.text(String(each.value))
  const parts = isNumeric ? [`match(v, ${parameters.text(numberPattern)})`] : []
  if (from !== undefined) parts.push(`${value} ${from.isIncluded ? '>=' : '>'} ${limit(from)}`)
  if (to !== undefined) parts.push(`${value} ${to.isIncluded ? '<=' : '<'} ${limit(to)}`)
  return parts.length === 0 ? '1' : parts.join(' AND ')
}

/**
 * What stands in every line that passes, whatever JSON makes of it: asked first, because it costs a tenth of taking the line
 * apart. JSON may escape any letter, so that a line with `\u` is taken apart in any case.
 */
function rawHints(test: ValueTest, parameters: SqlParameters): string[] {
  if (test.type !== 'phrase' && test.type !== 'prefix') return []
  const [longest = ''] = (test.text.match(/[A-Za-z0-9_]+/g) ?? []).sort((a, b) => b.length - a.length)
  if (longest === '') return []
  return [`(positionCaseInsensitive(line, ${parameters.text(longest)}) > 0 OR position(line, '\\\\u') > 0)`]
}
