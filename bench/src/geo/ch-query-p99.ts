import { city } from './roads/city.ts'
import { queryQuantile } from './roads/query-quantile.ts'

/** Ninety-nine of a hundred queries in Rome take less. */
export const benchmark = queryQuantile({
  name: 'geo/ch-query-p99',
  target: 80,
  quantile: 0.99,
  roads: () => city('rome'),
})
