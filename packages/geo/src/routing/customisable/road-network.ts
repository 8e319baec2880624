import { openGraph, saveGraph } from '../../graph/file/road-graph-file.ts'
import { graphErrors } from '../../graph/errors.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { LocalRouter } from '../port/local-router.ts'
import type { RouterFileOptions } from '../port/open-router.ts'
import type { Router } from '../port/router.ts'
import { conditionedGraph } from './conditioned-graph.ts'
import { customise } from './customise.ts'
import type { RoadConditions } from './road-conditions.ts'
import { buildSkeleton, type Skeleton } from './skeleton.ts'
import { StateArcs } from './state-arcs.ts'
import { stateOrder } from './state-order.ts'

/** A road network that is made ready once for whatever holds on its roads later. */
export interface RoadNetwork {
  readonly graph: RoadGraph
  /**
   * A router under conditions, exact like that of `openRouter`. Takes some 3 µs per state, half a second for a large city. It
   * stays as it is: for other conditions ask for another, and close this one when what it was asked for is answered.
   *
   * @throws `GEO_POSITION_INVALID`, `GEO_ROUTE_INVALID`, `GEO_GRAPH_INVALID`
   */
  router(conditions?: RoadConditions): Router
}

const orderSection = 'network.order'

/**
 * Opens a network whose weights may change: areas that are avoided, speeds that are driven now, other vehicles. Its order is
 * found by cutting the network in halves where few roads cross, some 30 µs per node; a file of {@link saveNetwork} holds it.
 * Where nothing changes `openRouter` is the better choice: its answers come in half the time.
 *
 * @throws `GEO_GRAPH_INVALID`, `GEO_GRAPH_FILE_INVALID`, `GEO_GRAPH_FILE_VERSION`, the disk's errors, the signal's reason
 * @example
 * ```ts
 * import { buildGraph, profiles } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 * import { openNetwork } from '@exprsn/geo/routing'
 *
 * const line = { type: 'LineString', coordinates: [[9.52, 47.14], [9.53, 47.14]] }
 * const roads = readOsm(new TextEncoder().encode(JSON.stringify(line)), { tags: { highway: 'residential' } })
 * const network = await openNetwork(await buildGraph(roads, { profile: profiles.car }))
 * await using jammed = network.router({ speed: (edge) => (edge.roadClass === 'residential' ? 5 : undefined) })
 * const route = await jammed.route({ points: [[9.521, 47.1401], [9.528, 47.1399]] })
 * console.log(route.found && Math.round(route.duration)) // 381
 * ```
 */
export async function openNetwork(
  source: RoadGraph | string,
  { disk, signal }: RouterFileOptions = {},
): Promise<RoadNetwork> {
  if (typeof source !== 'string') return networkOf(source, stateOrder(source))
  const { graph, sections } = await openGraph(source, { disk, signal })
  const order = sections.get(orderSection)
  return networkOf(graph, order === undefined ? stateOrder(graph) : checkOrder(graph, order))
}

/**
 * Finds the order of a network and writes both to one file, all or nothing.
 *
 * @throws the disk's errors, the signal's reason
 * @example
 * ```ts no-run
 * import { buildGraph, profiles } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 * import { openNetwork, saveNetwork } from '@exprsn/geo/routing'
 *
 * await saveNetwork(await buildGraph(readOsm('liechtenstein.osm.pbf'), { profile: profiles.car }), 'car.network')
 * const router = (await openNetwork('car.network')).router()
 * ```
 */
export async function saveNetwork(
  graph: RoadGraph,
  path: string,
  { disk, signal }: RouterFileOptions = {},
): Promise<void> {
  await saveGraph(graph, path, { sections: new Map([[orderSection, stateOrder(graph)]]), disk, signal })
}

function networkOf(graph: RoadGraph, order: Int32Array): RoadNetwork {
  const arcs = new StateArcs(graph)
  let skeleton: Skeleton | undefined
  return {
    graph,
    router(conditions = {}) {
      skeleton ??= buildSkeleton(arcs.graph, order)
      const conditioned = conditionedGraph(graph, conditions)
      const { weights, origins } = arcs.weigh(conditioned.edges.weights)
      return new LocalRouter(conditioned, { hierarchy: customise(skeleton, weights), origins })
    },
  }
}

function checkOrder({ nodes, turns }: RoadGraph, order: unknown): Int32Array {
  const states = turns === undefined ? nodes.longitudes.length : turns.edges.length
  const isSeen = new Uint8Array(states)
  if (order instanceof Int32Array) for (const state of order) if (state >= 0 && state < states) isSeen[state] = 1
  if (!(order instanceof Int32Array) || order.length !== states || isSeen.includes(0))
    throw graphErrors.GEO_GRAPH_FILE_INVALID({ offset: 0, reason: `${orderSection} does not fit the graph` })
  return order
}
