/** A way along edges, from a place on the first to a place on the last. */
export interface RoadPath {
  readonly edges: readonly number[]
  /** Milliseconds that the turn into each edge takes; 0 for the first. */
  readonly turnCosts: readonly number[]
  /** How much of the first edge's length lies before the start, 0 to 1. */
  readonly from: number
  /** How much of the last edge's length lies before the end. */
  readonly to: number
  /** Milliseconds. */
  readonly duration: number
}
