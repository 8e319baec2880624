import { compareRoutes } from './roads/compare-routes.ts'

/** Routes in Monaco, as text on both sides. */
export const benchmark = compareRoutes({
  name: 'geo/route-with-geometry-monaco-json',
  target: 25,
  extract: 'monaco-2021.osm.pbf',
  json: true,
})
