/** Stands for an arc that may not be used; two of them are added up in 31 bits. */
export const closedArc = 2 ** 30 - 1

/** Weights of the edges of a skeleton. */
export interface EdgeWeights {
  readonly up: Int32Array
  readonly down: Int32Array
}

/** Weights, and the places over which they come about: -1 for arcs of the graph. */
export interface CustomisedEdges extends EdgeWeights {
  readonly upBetween: Int32Array
  readonly downBetween: Int32Array
}
