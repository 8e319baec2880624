import type { Model } from '../model/model.ts'
import type { SearchRun, SearchSettings } from './search-run.ts'
import { Search } from './search.ts'
import { RoundTrip } from './tour/round-trip.ts'
import { tourNodesOf } from './tour/tour-nodes.ts'

/** The search that suits a problem: one of its own for a single vehicle's shortest way, ruin and recreate for all else. */
export function createSearch(model: Model, settings: SearchSettings): SearchRun {
  const nodes = tourNodesOf(model)
  return nodes === undefined ? new Search(model, settings) : new RoundTrip(model, nodes, settings)
}
