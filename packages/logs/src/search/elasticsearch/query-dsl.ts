import type { Filter, RangeLimit, ValueTest } from '../../store/query/filter.ts'
import { allValues } from './index-template.ts'
import { lucenePattern, luceneText } from './lucene-pattern.ts'

/** A part of a request to Elasticsearch. */
export type Dsl = Readonly<Record<string, unknown>>

/** A filter as a query of Elasticsearch that scores nothing. @throws `LOGS_SEARCH_UNSUPPORTED` */
export function queryDsl(filter: Filter): Dsl {
  switch (filter.type) {
    case 'all':
      return { match_all: {} }
    case 'and':
      return { bool: { filter: filter.filters.map(queryDsl) } }
    case 'or':
      if (filter.filters.length === 0) return { match_none: {} }
      return { bool: { should: filter.filters.map(queryDsl), minimum_should_match: 1 } }
    case 'not':
      return { bool: { must_not: [queryDsl(filter.filter)] } }
    case 'time':
      return timeQuery(filter.from, filter.to)
    case 'match':
      return filter.test.type === 'level'
        ? { terms: { 'log.level': filter.test.names } }
        : valueQuery(filter.field ?? allValues, filter.test)
  }
}

function timeQuery(from: number, to: number): Dsl {
  const bounds = {
    ...(Number.isFinite(from) ? { gte: Math.ceil(from) } : {}),
    ...(Number.isFinite(to) ? { lt: Math.ceil(to) } : {}),
  }
  return { range: { '@timestamp': { ...bounds, format: 'epoch_millis' } } }
}

function valueQuery(field: string, test: Exclude<ValueTest, { type: 'level' }>): Dsl {
  switch (test.type) {
    case 'phrase':
      if (/^[A-Za-z0-9_]+$/.test(test.text)) return tokenQuery(field, test.text)
      return { bool: { filter: [...innerTokens(field, test.text), regexp(field, luceneText(test.text, true))] } }
    case 'prefix':
      return regexp(field, luceneText(test.text, false))
    case 'equals':
      return { term: { [field]: { value: test.text } } }
    case 'in':
      return { terms: { [field]: test.texts } }
    case 'pattern':
      return regexp(field, lucenePattern(test.pattern))
    case 'exists':
      return { exists: { field } }
    case 'range':
      return rangeQuery(field, test)
  }
}

function tokenQuery(field: string, token: string): Dsl {
  return { term: { [`${field}.tokens`]: { value: token.toLowerCase() } } }
}

/** Tokens that stand in the value as they are: with them, few values have to be compared. */
function innerTokens(field: string, text: string): Dsl[] {
  return (text.match(/[A-Za-z0-9_]+/g) ?? []).map((token) => tokenQuery(field, token))
}

/** Without the operators that Lucene has beyond those of other patterns. */
function regexp(field: string, value: string): Dsl {
  return { regexp: { [field]: { value, flags: 'NONE' } } }
}

function rangeQuery(field: string, { from, to }: Extract<ValueTest, { type: 'range' }>): Dsl {
  const isNumeric = [from, to].every((each) => each === undefined || typeof each.value === 'number')
  const limit = ({ value }: RangeLimit): number | string => (isNumeric ? Number(value) : String(value))
  const bounds = {
    ...(from === undefined ? {} : { [from.isIncluded ? 'gte' : 'gt']: limit(from) }),
    ...(to === undefined ? {} : { [to.isIncluded ? 'lte' : 'lt']: limit(to) }),
  }
  return { range: { [isNumeric ? `${field}.number` : field]: bounds } }
}
