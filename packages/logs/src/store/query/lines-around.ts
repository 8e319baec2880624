import type { LinePlace, LogLine } from './collect-lines.ts'
import type { Query } from './filter.ts'
import type { LineChoice, QueryResult } from './run-query.ts'

const all: Query = { filter: { type: 'all' }, pipes: [] }

/** The lines before and after a place, in the order of time. */
export async function linesAround(
  { time, sequence }: LinePlace,
  before: number,
  after: number,
  query: (query: Query, choice: LineChoice) => Promise<QueryResult>,
): Promise<LogLine[]> {
  const cursor = `${time}-${sequence}`
  const earlier = await query(all, { limit: before, order: 'newest', cursor })
  const later = await query(all, { limit: after, order: 'oldest', cursor })
  return [...linesIn(earlier).toReversed(), ...linesIn(later)]
}

function linesIn(result: QueryResult): readonly LogLine[] {
  return result.kind === 'lines' ? result.lines : []
}
