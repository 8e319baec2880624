import type { Grouping, StatsFunction } from '../../store/query/filter.ts'
import type { StatsPipe } from '../create-search.ts'
import type { SqlValues } from './sql-values.ts'

/** Columns of `stats`, groups first, under names of their own: `g0`, `g1`, …, `s0`, `s1`, … */
export function sqlStats({ by, functions }: StatsPipe, values: SqlValues, seconds: number | undefined): string[] {
  return [
    ...by.map((grouping, index) => `${groupOf(grouping, values)} AS g${index}`),
    ...functions.map((each, index) => `${functionOf(each, values, seconds)} AS s${index}`),
  ]
}

/** The first value of a field, or nothing; the beginning of a span of time in milliseconds. */
function groupOf(grouping: Grouping, values: SqlValues): string {
  if ('bucket' in grouping)
    return `toString(intDiv(toUnixTimestamp64Milli(time), ${grouping.bucket}) * ${grouping.bucket})`
  const found = values.of(grouping.field)
  return `if(empty(${found}), NULL, ${found}[1])`
}

function functionOf(
  { name, field, fraction = 0.5 }: StatsFunction,
  values: SqlValues,
  seconds: number | undefined,
): string {
  const present = field === undefined ? '1' : `notEmpty(${values.of(field)})`
  if (name === 'count') return `toFloat64(countIf(${present}))`
  if (name === 'rate') return `countIf(${present}) / ${seconds ?? observedSeconds}`
  if (name === 'distinct') return `toFloat64(uniqExactArray(${values.of(field!)}))`
  const numbers = values.numbersOf(field!)
  const count = `sum(length(${numbers}))`
  const ifAny = (value: string): string => `if(${count} = 0, NULL, ${value})`
  if (name === 'sum') return ifAny(`sum(arraySum(${numbers}))`)
  if (name === 'avg') return ifAny(`sum(arraySum(${numbers})) / ${count}`)
  if (name === 'min' || name === 'max') return ifAny(`${name}Array(${numbers})`)
  // The nearest rank, which is exact; quantileExact takes another one of two neighbours.
  return ifAny(`arraySort(groupArrayArray(${numbers}))[greatest(1, toUInt64(ceil(${fraction} * ${count})))]`)
}

/** Between the first and the last line, where the query names no span of time. */
const observedSeconds = 'greatest(1, (max(toUnixTimestamp64Milli(time)) - min(toUnixTimestamp64Milli(time))) / 1000)'
