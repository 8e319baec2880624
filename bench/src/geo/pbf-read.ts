import { compareReading } from './osm/read.ts'

/** Reading PBF on one core, beside the parser that is installed most. */
export const benchmark = compareReading({ name: 'geo/pbf-read', target: 4.5, measure: 'cpu', threads: 0, times: 12 })
