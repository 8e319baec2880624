import { compareRoutes } from './roads/compare-routes.ts'

/** Routes in Andorra, as text on both sides. */
export const benchmark = compareRoutes({
  name: 'geo/route-with-geometry-andorra-json',
  target: 25,
  extract: 'andorra-roads.osm.pbf',
  json: true,
})
