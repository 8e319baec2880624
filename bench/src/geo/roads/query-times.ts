import type { Search } from '@exprsn/geo/routing'

/** Elapsed microseconds of each query for the length between two places, the least first. */
export function queryTimes(search: Search, pairs: readonly (readonly [number, number])[]): Float64Array {
  return Float64Array.from(pairs, ([source, target]) => {
    const begin = performance.now()
    search.length(source, target)
    return (performance.now() - begin) * 1_000
  }).sort()
}
