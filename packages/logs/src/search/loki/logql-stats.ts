import type { StatsFunction } from '../../store/query/filter.ts'
import { unsupported, type StatsPipe } from '../create-search.ts'
import { numberPattern } from '../text-pattern.ts'
import type { ExtractedLabels } from './extracted-labels.ts'
import { quote } from './quote.ts'

/** A question for one number per group; `pipeline` and `range` are put in when all labels are known. */
export type Metric = (pipeline: string, range: string) => string

/** Labels of the fields that lines are grouped by. */
export function groupLabels({ by }: StatsPipe, labels: ExtractedLabels): string[] {
  return by.flatMap((grouping) => ('bucket' in grouping ? [] : [labels.of(grouping.field)]))
}

/** Lines of each group. */
export function countMetric(groups: readonly string[], stage = ''): Metric {
  return (pipeline, range) => `sum${by(groups)}(count_over_time(${pipeline}${stage}${keep(groups)} [${range}]))`
}

/** What has to be asked for a column: one number, or for an average two. @throws `LOGS_SEARCH_UNSUPPORTED` */
export function metricsOf(
  { name, field }: StatsFunction,
  groups: readonly string[],
  labels: ExtractedLabels,
): Metric[] {
  if (name === 'count' || name === 'rate')
    return [countMetric(groups, field === undefined ? '' : ` | ${labels.of(field)}!=""`)]
  if (name === 'quantile') throw unsupported('Loki', 'quantile(…) exactly')
  const label = labels.of(field!)
  const kept = [...new Set([...groups, label])]
  if (name === 'distinct')
    return [
      (pipeline, range) =>
        `count${by(groups)}(sum${by(kept)}(count_over_time(${pipeline} | ${label}!=""${keep(kept)} [${range}])))`,
    ]
  if (groups.includes(label)) throw unsupported('Loki', `${name}(${field!}) by the same field`)
  const unwrapped = (outer: string, inner: string): Metric => {
    const numbers = ` | ${label}=~${quote(numberPattern)}${keep(kept)} | unwrap ${label}`
    return (pipeline, range) => `${outer}${by(groups)}(${inner}(${pipeline}${numbers} [${range}]))`
  }
  if (name === 'sum') return [unwrapped('sum', 'sum_over_time')]
  if (name === 'avg') return [unwrapped('sum', 'sum_over_time'), unwrapped('sum', 'count_over_time')]
  return [unwrapped(name, `${name}_over_time`)]
}

function by(groups: readonly string[]): string {
  return groups.length === 0 ? '' : ` by (${groups.join(', ')}) `
}

/** Without the labels of streams, which are not asked for, and those of lines, which are many. */
function keep(labels: readonly string[]): string {
  return ` | keep ${labels.length === 0 ? 'exprsn_none' : labels.join(', ')}`
}
