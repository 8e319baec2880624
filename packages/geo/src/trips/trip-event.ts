import type { Position } from '../coordinates/position.ts'

/** Where and for how long an object stood. */
export interface Stop {
  /** The middle of its fixes there. */
  readonly position: Position
  readonly from: Date
  /** Its last fix there; undefined while it still stands. */
  readonly to?: Date | undefined
}

/** A way from one place to another. */
export interface Trip {
  readonly from: Date
  readonly to: Date
  readonly start: Position
  readonly end: Position
  /** Metres along the fixes; jitter while it waits at a light is not counted. */
  readonly distance: number
  /** Whether it ended because no fix came for too long, rather than with a stop. */
  readonly cut: boolean
}

/** What the fixes of an object show. */
export type TripEvent =
  | { readonly type: 'stop'; readonly object: string; readonly stop: Stop }
  | { readonly type: 'leave'; readonly object: string; readonly stop: Stop }
  | { readonly type: 'trip'; readonly object: string; readonly trip: Trip }
