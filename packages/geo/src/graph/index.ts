/**
 * Graphs of roads: rows of typed arrays, made of lists of arcs.
 *
 * @packageDocumentation
 */
export { graphErrors } from './errors.ts'
export { roadClasses, roadFlags, type RoadClass } from './road-class.ts'
export type { RoadEdges, RoadGraph, RoadNodes, Roads, RoadTurns } from './road-graph.ts'
export { stateGraph } from './state-graph.ts'
export { textAt, textTable, type TextTable } from './text-table.ts'
export { weightedGraph, type ArcLists, type WeightedGraph } from './weighted-graph.ts'
