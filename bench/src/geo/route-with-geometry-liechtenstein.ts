import { compareRoutes } from './roads/compare-routes.ts'

/** Routes in Liechtenstein, as objects. */
export const benchmark = compareRoutes({
  name: 'geo/route-with-geometry-liechtenstein',
  target: 40,
  extract: 'liechtenstein.osm.pbf',
  json: false,
})
