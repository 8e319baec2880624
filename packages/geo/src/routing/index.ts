/**
 * Shortest paths and tables of lengths, exact, through a contraction hierarchy.
 *
 * @packageDocumentation
 */
export { buildHierarchy } from './hierarchy/build-hierarchy.ts'
export type { Hierarchy } from './hierarchy/hierarchy.ts'
export { createMatrix, type LengthTable, type Matrix, type TableSide } from './hierarchy/matrix.ts'
export { createSearch, type Search, type Seed } from './hierarchy/search.ts'
export { dijkstra, type ShortestPathTree } from './search/dijkstra.ts'
