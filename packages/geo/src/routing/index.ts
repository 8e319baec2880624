/**
 * Ways on roads: routes, tables of durations, shortest paths through a contraction hierarchy, exact.
 *
 * @packageDocumentation
 */
export type { AvoidedArea, RoadConditions } from './customisable/road-conditions.ts'
export type { RoadEdge } from './customisable/road-edge.ts'
export { openNetwork, saveNetwork, type RoadNetwork } from './customisable/road-network.ts'
export { buildGraph } from '../graph/build-graph.ts'
export { profiles } from '../graph/profile/profiles.ts'
export { readOsm } from '../osm/read-osm.ts'
export { routingErrors } from './errors.ts'
export type { Instruction, InstructionLanguage, Maneuver } from './guidance/instruction.ts'
export { buildHierarchy } from './hierarchy/build-hierarchy.ts'
export type { CoreLabels, Hierarchy, HubLabels } from './hierarchy/hierarchy.ts'
export { createMatrix, type LengthTable, type Matrix, type MatrixOptions, type TableSide } from './hierarchy/matrix.ts'
export { createSearch, type Search, type Seed } from './hierarchy/search.ts'
export type { Contour, IsochroneRequest, IsochroneResult } from './port/isochrone-request.ts'
export type { MatchedPart, MatchRequest, MatchResult } from './port/match-request.ts'
export type { MatrixRequest, MatrixResult } from './port/matrix-request.ts'
export { openRouter, saveRouter, type OpenRouterOptions, type RouterFileOptions } from './port/open-router.ts'
export { routeJson } from './port/route-json.ts'
export type {
  RouteAnnotations,
  RouteFound,
  RouteLeg,
  RouteNotFound,
  RouteRequest,
  RouteResult,
  RouteWay,
} from './port/route-request.ts'
export type { RoutePoint, Router, SnappedPoint, SnapRequest } from './port/router.ts'
export { fuelFactors, type Emissions } from './route/emissions.ts'
export { createAStar, type PathFinder, type ShortestPath } from './search/a-star.ts'
export { createBidirectionalAStar } from './search/bidirectional-a-star.ts'
export { straightLineBound, type Bound } from './search/bound.ts'
export { dijkstra, type ShortestPathTree } from './search/dijkstra.ts'
