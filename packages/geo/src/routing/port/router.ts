import type { Position } from '../../coordinates/position.ts'
import type { IsochroneRequest, IsochroneResult } from './isochrone-request.ts'
import type { MatchRequest, MatchResult } from './match-request.ts'
import type { MatrixRequest, MatrixResult } from './matrix-request.ts'
import type { RouteRequest, RouteResult } from './route-request.ts'

/** Answers questions about ways on roads: in this process, or by asking a server. */
export interface Router extends AsyncDisposable {
  /** The fastest way over points. */
  route(request: RouteRequest): Promise<RouteResult>
  /** How long it takes from many places to many others. */
  matrix(request: MatrixRequest): Promise<MatrixResult>
  /** What is reached from a place in a time. */
  isochrone(request: IsochroneRequest): Promise<IsochroneResult>
  /** The way that a vehicle took, from its inexact positions. */
  match(request: MatchRequest): Promise<MatchResult>
  /** Frees what the router holds; what was passed in stays open. */
  close(): Promise<void>
}

/** A position, or one with more to say about how it is found on the roads. */
export type RoutePoint = Position | SnapRequest

/** How a position is found on the roads. */
export interface SnapRequest {
  readonly position: Position
  /** Degrees clockwise from north in which the vehicle moves: roads that lead elsewhere are left out. */
  readonly bearing?: number | undefined
  /**
   * Degrees that the road may differ from `bearing`.
   * @default 45
   */
  readonly tolerance?: number | undefined
  /**
   * Metres within which a road must be found.
   * @default the request's `radius`
   */
  readonly radius?: number | undefined
}

/** Where a point of a request was found on the roads. */
export interface SnappedPoint {
  readonly position: Position
  /** Metres from what was asked for. */
  readonly distance: number
  /** The name of the road, empty where it has none. */
  readonly name: string
}
