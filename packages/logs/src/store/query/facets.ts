import type { Filter, Query } from './filter.ts'
import type { QueryResult } from './run-query.ts'

/** How often one value stands in lines. */
export interface FacetValue {
  readonly value: string
  readonly count: number
}

const stats = (field: string) =>
  ({ type: 'stats', functions: [{ name: 'count', as: 'count' }], by: [{ field, as: 'value' }] }) as const
const sort = {
  type: 'sort',
  keys: [
    { name: 'count', isDescending: true },
    { name: 'value', isDescending: false },
  ],
} as const

/** The most frequent values of some fields in the lines that match. */
export async function facetsOf(
  filter: Filter,
  fields: readonly string[],
  limit: number,
  query: (query: Query) => Promise<QueryResult>,
): Promise<Record<string, readonly FacetValue[]>> {
  const facets: [string, FacetValue[]][] = []
  for (const field of fields) {
    const result = await query({ filter, pipes: [stats(field), sort] })
    const rows = result.kind === 'rows' ? result.rows.filter(({ value }) => value !== null) : []
    const values = rows.slice(0, limit).map(({ value, count }) => ({ value: String(value), count: Number(count) }))
    facets.push([field, values])
  }
  return Object.fromEntries(facets)
}
