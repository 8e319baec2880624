import type { Position } from '../../coordinates/position.ts'

/** A place on a road, found for a position. */
export interface RoadPlace {
  /** A place in `roads`. */
  readonly road: number
  /** How much of the road's length lies between its first point and the place, 0 to 1. */
  readonly share: number
  /** The point of the road that comes before the place, as a place in `roads.points / 2`. */
  readonly point: number
  readonly position: Position
  /** Metres from what was asked for. */
  readonly distance: number
  /** The edges over the place that may be used, -1 for none. */
  readonly forward: number
  readonly backward: number
}
