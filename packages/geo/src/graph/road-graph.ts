import type { TextTable } from './text-table.ts'

/**
 * The roads that a profile may use, as typed arrays that threads can share.
 *
 * A **node** is a junction, an end, or a place with a rule of its own. A **road** leads from node to node; what lies between is
 * its shape. An **edge** is a road in one of the directions in which it may be used. Where nobody turns off the roads of
 * several ways are one road, as long as name, class, flags and speed stay the same: along an edge weight grows evenly with
 * length.
 *
 * A **state** is what a search settles: without `turns` a node, else an edge that was travelled to its end. See `stateGraph`.
 */
export interface RoadGraph {
  /** Name of the profile that the graph was built for. */
  readonly profile: string
  /** What has to be shown wherever results are published, such as `© OpenStreetMap contributors`. */
  readonly attribution: string
  readonly nodes: RoadNodes
  readonly roads: Roads
  readonly edges: RoadEdges
  /** What may be done at junctions and what it costs; undefined for profiles that turn as they like. */
  readonly turns: RoadTurns | undefined
  /** Names and numbers of roads. Text 0 is empty. */
  readonly texts: TextTable
  /** What roads let through; undefined for profiles without a `vehicle`. */
  readonly limits?: RoadLimits | undefined
}

/** Places, in units of 1e-7 degrees. */
export interface RoadNodes {
  readonly longitudes: Int32Array
  readonly latitudes: Int32Array
}

/** Per road, whichever way it is used. */
export interface Roads {
  /** The points of road r are those from `firstPoint[r]` up to `firstPoint[r + 1]`, both ends included. */
  readonly firstPoint: Int32Array
  /** Longitude and latitude of every point in turn, in units of 1e-7 degrees. */
  readonly points: Int32Array
  /** Centimetres. */
  readonly lengths: Int32Array
  /** Places in `texts`. */
  readonly names: Int32Array
  /** Places in `texts`: the numbers on the signs, such as `A 14`. */
  readonly references: Int32Array
  /** Places in `roadClasses`. */
  readonly classes: Uint8Array
  /** Sums of `roadFlags`. */
  readonly flags: Uint8Array
  /** The edge that leads from the first point to the last; -1 where that way is closed. */
  readonly forward: Int32Array
  /** The edge that leads from the last point to the first; -1 where that way is closed. */
  readonly backward: Int32Array
}

/** Per edge. Edges are numbered by the node that they leave. */
export interface RoadEdges {
  /** The edges that leave node n are those from `first[n]` up to `first[n + 1]`. */
  readonly first: Int32Array
  /** The node that the edge leaves. */
  readonly tails: Int32Array
  /** The node that the edge leads to. */
  readonly heads: Int32Array
  /** Milliseconds from end to end. */
  readonly weights: Int32Array
  /** Twice the number of the road, and one more where the edge runs from the road's last point to its first. */
  readonly roads: Int32Array
  /**
   * The strongly connected component, by number of edges: 0 is the largest. From every edge of a component each other one can
   * be reached. -1: once left, the edge cannot be reached again. `noThrough` roads are taken as open.
   */
  readonly components: Int32Array
}

/**
 * Where edges lead on to. State e below the number of edges is edge e where a route may begin; the states above are copies of
 * edges for those who came a certain way, and to whom other rules apply therefore (restrictions over several ways, roads that
 * may not be passed through). A route may end in any state of its last edge.
 */
export interface RoadTurns {
  /** Per state its edge. */
  readonly edges: Int32Array
  /** The copies of edge e are the states from `firstCopy[e]` up to `firstCopy[e + 1]`. */
  readonly firstCopy: Int32Array
  /** From state s lead the arcs from `first[s]` up to `first[s + 1]`. */
  readonly first: Int32Array
  /** Per arc the state that it leads to. */
  readonly heads: Int32Array
  /** Per arc the milliseconds that the turn itself takes. */
  readonly costs: Int32Array
}

/** Limits of the roads that have some. */
export interface RoadLimits {
  /** Places in `roads`, ascending. */
  readonly roads: Int32Array
  /**
   * Six numbers for each of them, -1 where nothing is said: height, width and length in millimetres, weight and axle load in
   * kilograms, and 0 where no dangerous goods may pass.
   */
  readonly values: Int32Array
}
