import type { Position } from '../../coordinates/position.ts'
import type { RouteWay } from './route-request.ts'
import type { SnappedPoint } from './router.ts'

/** Asks which way a vehicle took. */
export interface MatchRequest {
  /** Where it was, in order; one every few seconds up to one a minute. */
  readonly fixes: readonly Position[]
  /**
   * Metres: how inexact the positions are, one standard deviation.
   * @default 10
   */
  readonly accuracy?: number | undefined
  /**
   * Metres within which roads are considered.
   * @default five times the accuracy
   */
  readonly radius?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The way that a vehicle took. */
export interface MatchResult {
  /** One, or several where no way leads between two fixes, or fixes lie on no road. */
  readonly parts: readonly MatchedPart[]
  /** Per fix where it was on the roads, undefined where there are none. */
  readonly fixes: readonly (SnappedPoint | undefined)[]
  /** What has to be shown wherever the result is published. */
  readonly attribution: string
}

/** A way without gaps; its legs lie between the fixes of the part that are on roads. A part of one fix has no geometry. */
export interface MatchedPart extends RouteWay {
  /** The first and the last fix of the part, as places in the request. */
  readonly firstFix: number
  readonly lastFix: number
}
