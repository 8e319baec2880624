import type { Filter, RangeLimit, ValueTest } from '../../store/query/filter.ts'
import { unsupported } from '../create-search.ts'
import { numberPattern, textPattern } from '../text-pattern.ts'
import type { ExtractedLabels } from './extracted-labels.ts'
import { linePattern } from './line-pattern.ts'
import { quote } from './quote.ts'

type Match = Extract<Filter, { type: 'match' }>

/** What a filter is in LogQL: tests of the whole line, and stages behind those that make labels. */
export interface LogqlFilter {
  readonly lineFilters: readonly string[]
  readonly stages: readonly string[]
}

/**
 * A filter in LogQL; its span of time goes into the request. Labels are compared as texts: with numbers only where the whole
 * filter depends on it, because what is no number is an error to Loki that passes the line.
 *
 * @throws `LOGS_SEARCH_UNSUPPORTED`
 */
export function logqlFilter(filter: Filter, labels: ExtractedLabels): LogqlFilter {
  const [lineFilters, stages]: [string[], string[]] = [[], []]
  for (const part of conjunctsOf(filter)) {
    if (part.type === 'all' || part.type === 'time') continue
    const words = wordsOf(part)
    if (words !== undefined) lineFilters.push(`${words.isNegated ? '!~' : '|~'} ${quote(words.pattern)}`)
    else if (part.type === 'match' && part.test.type === 'range') stages.push(...rangeStages(part, labels))
    else stages.push(`| ${labelFilter(part, labels, false)}`)
  }
  return { lineFilters, stages }
}

/** What has to hold together. */
function conjunctsOf(filter: Filter): readonly Filter[] {
  return filter.type === 'and' ? filter.filters.flatMap(conjunctsOf) : [filter]
}

/** Words of any field: one, none of one, or one of several. */
function wordsOf(filter: Filter): { readonly pattern: string; readonly isNegated: boolean } | undefined {
  if (filter.type === 'not') {
    const inner = wordsOf(filter.filter)
    return inner && { ...inner, isNegated: !inner.isNegated }
  }
  if (filter.type === 'or') {
    const parts = filter.filters.map(wordsOf)
    if (parts.length === 0 || parts.some((part) => part === undefined || part.isNegated)) return undefined
    return { pattern: parts.map((part) => part!.pattern).join('|'), isNegated: false }
  }
  if (filter.type !== 'match' || filter.field !== undefined) return undefined
  const { test } = filter
  if (test.type !== 'phrase' && test.type !== 'prefix') throw refused(`${test.type} of any field`)
  return { pattern: linePattern(test.text, test.type === 'phrase'), isNegated: false }
}

/** An expression of label filters, which know no `not`: it is brought to the tests. */
function labelFilter(filter: Filter, labels: ExtractedLabels, isNegated: boolean): string {
  switch (filter.type) {
    case 'not':
      return labelFilter(filter.filter, labels, !isNegated)
    case 'and':
    case 'or': {
      if (filter.filters.length === 0) throw refused('nothing, or everything, within OR and NOT')
      const parts = filter.filters.map((each) => labelFilter(each, labels, isNegated))
      return `(${parts.join((filter.type === 'and') === isNegated ? ' or ' : ' and ')})`
    }
    case 'all':
      throw refused('nothing, or everything, within OR and NOT')
    case 'time':
      throw refused('a span of time within OR and NOT')
    case 'match':
      return labelTest(filter, labels, isNegated)
  }
}

function labelTest({ field, test }: Match, labels: ExtractedLabels, isNegated: boolean): string {
  if (test.type === 'level') return `level${isNegated ? '!~' : '=~'}${quote(test.names.join('|'))}`
  if (field === undefined) throw refused('a word of any field beside tests of fields within OR and NOT')
  if (test.type === 'range') throw refused('a comparison within OR and NOT')
  const label = labels.of(field)
  if (test.type === 'exists') return `${label}${isNegated ? '=' : '!='}""`
  const pattern = quote(wholePattern(test))
  // A label that is not there is one that is empty.
  return isNegated ? `(${label}!~${pattern} or ${label}="")` : `(${label}=~${pattern} and ${label}!="")`
}

/** What the whole of a value has to match. */
function wholePattern(test: Exclude<ValueTest, { type: 'level' | 'range' | 'exists' }>): string {
  switch (test.type) {
    case 'phrase':
    case 'prefix':
      return `(?s:.*)${textPattern(test.text, test.type === 'phrase')}(?s:.*)`
    case 'equals':
      return literal(test.text)
    case 'in':
      return test.texts.map(literal).join('|')
    case 'pattern':
      return `(?s:.*)(?:${test.pattern})(?s:.*)`
  }
}

function literal(text: string): string {
  if (text === '') throw refused('an empty value: it is none there')
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function rangeStages({ field, test }: Match, labels: ExtractedLabels): string[] {
  const { from, to } = test as Extract<ValueTest, { type: 'range' }>
  if (field === undefined) throw refused('a comparison of any field')
  if ([from, to].some((each) => typeof each?.value === 'string')) throw refused('a comparison of texts')
  const label = labels.of(field)
  const limit = ({ value }: RangeLimit): string => {
    const text = String(value)
    if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw refused(`the number ${text}`)
    return text
  }
  return [
    `| ${label}=~${quote(numberPattern)}`,
    ...(from === undefined ? [] : [`| ${label} ${from.isIncluded ? '>=' : '>'} ${limit(from)}`]),
    ...(to === undefined ? [] : [`| ${label} ${to.isIncluded ? '<=' : '<'} ${limit(to)}`]),
  ]
}

function refused(part: string): Error {
  return unsupported('Loki', part)
}
