import type { WeightedGraph } from '../../graph/weighted-graph.ts'

/**
 * A graph whose nodes are ordered by importance, with shortcuts over the less important ones (contraction hierarchy:
 * Geisberger, Sanders, Schultes, Delling 2008). Places number the nodes, the most important ones first, and each behind all
 * that its edges lead up to; an edge stands in the row of its less important end, once for both directions where they weigh the
 * same.
 */
export interface Hierarchy {
  readonly nodes: number
  /** The place of each node. */
  readonly places: Int32Array
  /** The edges of place p are those from `first[p]` up to `first[p + 1]`. */
  readonly first: Int32Array
  /** Per edge the place of its more important end, then `weight * 4 + ways` (1: upwards, 2: downwards). */
  readonly edges: Int32Array
  /**
   * Per edge the place between, whose row holds the two edges that this one stands for. Without a place between, below 0: the
   * complement of `up * 2^15 + down`, the places of the arcs upwards and downwards in the rows of `arcs` of the nodes they leave.
   */
  readonly between: Int32Array
  /** The graph that the hierarchy was built of; the arrays are the graph's own. */
  readonly arcs: Pick<WeightedGraph, 'first' | 'heads'>
  /** Where `Search.length` need not search any further. Undefined where it was not made. */
  readonly core?: CoreLabels | undefined
}

/**
 * Labels of the most important places: any shortest path between two of them leads over a hub that stands in the labels of both
 * (hub labels: Abraham, Delling, Goldberg, Werneck 2012).
 */
export interface CoreLabels {
  /** The places from 0 up to it are in the core. */
  readonly places: number
  /** By place, with lengths to the hubs. */
  readonly up: HubLabels
  /** With lengths from the hubs; the same as `up` where all edges lead both ways. */
  readonly down: HubLabels
}

/** The label of place p are the hubs from `first[p]` up to `first[p + 1]`, p itself the first of them. */
export interface HubLabels {
  readonly first: Int32Array
  /** Places of the core, none less important than p. */
  readonly hubs: Uint16Array
  readonly lengths: Int32Array
}

/** Bits that the place of an arc in its row takes. */
export const arcBits = 15
/** The most arcs that a node may have. */
export const mostArcs = 2 ** arcBits
