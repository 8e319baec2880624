import { compareRoutes } from './roads/compare-routes.ts'

/** Routes in Monaco, as objects. */
export const benchmark = compareRoutes({
  name: 'geo/route-with-geometry-monaco',
  target: 40,
  extract: 'monaco-2021.osm.pbf',
  json: false,
})
