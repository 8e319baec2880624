import { city } from './roads/city.ts'
import { queryQuantile } from './roads/query-quantile.ts'

/** Half of the queries in Rome take less. */
export const benchmark = queryQuantile({
  name: 'geo/ch-query-p50',
  target: 30,
  quantile: 0.5,
  roads: () => city('rome'),
})
