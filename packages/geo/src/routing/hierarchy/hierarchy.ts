/**
 * A graph whose nodes are ordered by importance, with shortcuts over the less important ones (contraction hierarchy:
 * Geisberger, Sanders, Schultes, Delling 2008). Places number the nodes from the most important one down; an edge stands in
 * the row of its less important end, once for both directions where they weigh the same.
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
   * Per edge two edges: of the place between, to the less and to the more important end. Without a place between, the
   * complements of the arcs downwards and upwards, or -2^31 where there is none.
   */
  readonly children: Int32Array
}
