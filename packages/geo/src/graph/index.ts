/**
 * Graphs of roads: profiles of travellers, and the roads that they may use as typed arrays.
 *
 * @packageDocumentation
 */
export {
  buildGraph,
  type BuildGraphOptions,
  type BuildProgress,
  type BuildReport,
  type BuiltGraph,
} from './build-graph.ts'
export {
  openGraph,
  saveGraph,
  type OpenedGraph,
  type OpenGraphOptions,
  type SaveGraphOptions,
} from './file/road-graph-file.ts'
export type { Section } from './file/section.ts'
export { graphErrors } from './errors.ts'
export { profiles, truckProfile } from './profile/profiles.ts'
export type { RoadProfile, Speeds, TurnRules, VehicleSize } from './profile/road-profile.ts'
export { roadClasses, roadFlags, type RoadClass } from './road-class.ts'
export type { RoadEdges, RoadGraph, RoadLimits, RoadNodes, Roads, RoadTurns } from './road-graph.ts'
export { stateGraph } from './state-graph.ts'
export { textAt, textTable, type TextTable } from './text-table.ts'
export { weightedGraph, type ArcLists, type WeightedGraph } from './weighted-graph.ts'
