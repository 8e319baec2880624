/**
 * OpenStreetMap data as typed arrays: PBF, XML and lines in GeoJSON.
 *
 * @packageDocumentation
 */
export { BlockBuilder, type Member, type TagList } from './block-builder.ts'
export type { OsmInput } from './byte-source.ts'
export { osmErrors } from './errors.ts'
export type { OsmBlock, OsmNodes, OsmRelations, OsmTags, OsmWays } from './osm-block.ts'
export { createOsmThreads, type OsmThreads, type OsmThreadsOptions } from './osm-threads.ts'
export { readOsm, type ReadOsmOptions } from './read-osm.ts'
export { TextPool } from './text-pool.ts'
