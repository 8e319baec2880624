import { city, stitched } from './roads/city.ts'
import { queryQuantile } from './roads/query-quantile.ts'

/** Half of the queries in nine copies of Rome joined by motorways take less, as in one of them. */
export const benchmark = queryQuantile({
  name: 'geo/ch-query-2m',
  target: 30,
  quantile: 0.5,
  roads: () => stitched(city('rome'), 9),
})
