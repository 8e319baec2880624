import { city, stitched } from './roads/city.ts'
import { queryQuantile } from './roads/query-quantile.ts'

/** Half of the queries in nine copies of Rome joined by motorways take less: at most three times as long as in one. */
export const benchmark = queryQuantile({
  name: 'geo/ch-query-2m',
  target: 120,
  quantile: 0.5,
  roads: () => stitched(city('rome'), 9),
})
