import { compareRoutes } from './roads/compare-routes.ts'

/** Routes in Andorra, as objects. */
export const benchmark = compareRoutes({
  name: 'geo/route-with-geometry-andorra',
  target: 40,
  extract: 'andorra-roads.osm.pbf',
  json: false,
})
