import type { Position } from '../../coordinates/position.ts'
import type { RoutePoint } from './router.ts'

/** Asks how far one gets. */
export interface IsochroneRequest {
  readonly from: RoutePoint
  /** Seconds, one or more. */
  readonly durations: readonly number[]
  /**
   * Metres within which a road must be found.
   * @default 1000
   */
  readonly radius?: number | undefined
  /**
   * Metres: areas are drawn in squares of this size. The number of squares is limited to four million.
   * @default 100
   */
  readonly cell?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** How far one gets, or why that cannot be said. */
export type IsochroneResult =
  | { readonly found: true; readonly contours: readonly Contour[]; readonly attribution: string }
  | { readonly found: false; readonly reason: 'no-road'; readonly point: 0 }

/** What is reached in a time. */
export interface Contour {
  /** Seconds. */
  readonly duration: number
  /** Every piece of road that is reached, a GeoJSON geometry. */
  readonly roads: { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] }
  /** The squares that those pieces touch, joined; rings are closed, outer ones run anticlockwise. */
  readonly area: {
    readonly type: 'MultiPolygon'
    readonly coordinates: readonly (readonly (readonly Position[])[])[]
  }
}
