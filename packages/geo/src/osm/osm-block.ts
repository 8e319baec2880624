import type { TextPool } from './text-pool.ts'

/** Some thousand items of OpenStreetMap data as typed arrays. Every kind of item may be empty. */
export interface OsmBlock {
  /** Keys, values and roles; the items refer to places in it. */
  readonly texts: TextPool
  readonly nodes: OsmNodes
  readonly ways: OsmWays
  readonly relations: OsmRelations
}

/** Tags of items: those of item n are the pairs from `first[n]` up to `first[n + 1]`. */
export interface OsmTags {
  readonly first: Int32Array
  /** Per pair the key and the value, as places in the block's texts. */
  readonly pairs: Int32Array
}

/** Places. */
export interface OsmNodes {
  readonly ids: Float64Array
  /** In units of 1e-7 degrees. */
  readonly longitudes: Int32Array
  /** In units of 1e-7 degrees. */
  readonly latitudes: Int32Array
  readonly tags: OsmTags
}

/** Lines and areas: lists of nodes. */
export interface OsmWays {
  readonly ids: Float64Array
  /** The nodes of way n are those from `first[n]` up to `first[n + 1]`. */
  readonly first: Int32Array
  /** Ids of nodes. */
  readonly nodes: Float64Array
  readonly tags: OsmTags
}

/** Groups of other items. */
export interface OsmRelations {
  readonly ids: Float64Array
  /** The members of relation n are those from `first[n]` up to `first[n + 1]`. */
  readonly first: Int32Array
  /** Ids of the members. */
  readonly members: Float64Array
  /** Per member 0 for a node, 1 for a way, 2 for a relation. */
  readonly types: Uint8Array
  /** Per member its role, as a place in the block's texts. */
  readonly roles: Int32Array
  readonly tags: OsmTags
}
