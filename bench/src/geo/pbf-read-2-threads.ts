import { compareReading } from './osm/read.ts'

/** Reading PBF with two worker threads that are kept from file to file, beside the parser that is installed most, which has none. */
export const benchmark = compareReading({
  name: 'geo/pbf-read-2-threads',
  target: 6,
  measure: 'wall',
  threads: 2,
  times: 60,
})
