import type { Disk } from '@exprsn/core/disk'
import { openSections, type OpenedSections } from '../../graph/file/decode-sections.ts'
import { graphOf } from '../../graph/file/graph-sections.ts'
import { readShared, saveGraph } from '../../graph/file/road-graph-file.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { LateRouter } from './late-router.ts'
import { LocalRouter } from './local-router.ts'
import { holdsPrepared, prepare, readPrepared, sectionsOf } from './prepared.ts'
import type { Router } from './router.ts'

/** Options of {@link saveRouter}, and of opening. */
export interface RouterFileOptions {
  /**
   * Where the file lies.
   * @default systemDisk
   */
  readonly disk?: Disk | undefined
  /** Ends reading or writing. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link openRouter}. */
export interface OpenRouterOptions extends RouterFileOptions {
  /**
   * When the sections of a file are checked: for the first request, which fails when one is damaged, as all that follow do, or
   * while it is opened. Its header and its length are always checked at once.
   * @default 'first-request'
   */
  readonly check?: 'first-request' | 'at-once' | undefined
}

/**
 * Opens a router over a graph, or over a file with one. Its answers are exact, and take some 50 µs in a small country. A file of
 * {@link saveRouter} opens in milliseconds and is checked for the first request; for a graph, or a file with a graph alone, the
 * hierarchy behind the answers is built first: some 15 µs per node, or 50 µs per edge where there are rules for turns.
 *
 * @throws `GEO_GRAPH_INVALID`, `GEO_GRAPH_FILE_INVALID`, `GEO_GRAPH_FILE_VERSION`, the disk's errors, the signal's reason
 * @example
 * ```ts
 * import { buildGraph, profiles } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 * import { openRouter } from '@exprsn/geo/routing'
 *
 * const line = { type: 'LineString', coordinates: [[9.52, 47.14], [9.53, 47.14]] }
 * const roads = readOsm(new TextEncoder().encode(JSON.stringify(line)), { tags: { highway: 'residential' } })
 * await using router = await openRouter(await buildGraph(roads, { profile: profiles.car }))
 * const route = await router.route({ points: [[9.521, 47.1401], [9.528, 47.1399]] })
 * console.log(route.found && Math.round(route.distance)) // 529
 * ```
 */
export async function openRouter(
  source: RoadGraph | string,
  { disk, signal, check = 'first-request' }: OpenRouterOptions = {},
): Promise<Router> {
  if (typeof source !== 'string') return new LocalRouter(source, prepare(source))
  const file = openSections(new Uint8Array(await readShared(source, { disk, signal })))
  return check === 'at-once' || !holdsPrepared(file.sections) ? routerOf(file) : new LateRouter(() => routerOf(file))
}

function routerOf(file: OpenedSections): Router {
  const graph = graphOf(file)
  return new LocalRouter(graph, readPrepared(graph, file.sections) ?? prepare(graph))
}

/**
 * Builds the hierarchy of a graph and writes both to one file, all or nothing.
 *
 * @throws `GEO_GRAPH_INVALID`, the disk's errors, the signal's reason
 * @example
 * ```ts no-run
 * import { buildGraph, profiles } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 * import { openRouter, saveRouter } from '@exprsn/geo/routing'
 *
 * await saveRouter(await buildGraph(readOsm('liechtenstein.osm.pbf'), { profile: profiles.car }), 'car.graph')
 * const router = await openRouter('car.graph')
 * ```
 */
export async function saveRouter(
  graph: RoadGraph,
  path: string,
  { disk, signal }: RouterFileOptions = {},
): Promise<void> {
  await saveGraph(graph, path, { sections: sectionsOf(prepare(graph), graph), disk, signal })
}
