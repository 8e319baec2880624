import { compareRoutes } from './roads/compare-routes.ts'

/** Routes in Liechtenstein, as text on both sides. */
export const benchmark = compareRoutes({
  name: 'geo/route-with-geometry-liechtenstein-json',
  target: 25,
  extract: 'liechtenstein.osm.pbf',
  json: true,
})
