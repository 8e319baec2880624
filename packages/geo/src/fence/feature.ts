import type { Duration } from '@exprsn/core'
import type { Position } from '../coordinates/position.ts'

/** What a fence can report. */
export type FenceEventType = 'enter' | 'exit' | 'dwell' | 'cross' | 'approach'

/** Rules of a fence, in the `properties` of its feature; others there are kept and ignored. */
export interface FenceProperties {
  /** Metres around a `Point`. */
  readonly radius?: number | undefined
  /** Metres across a `LineString`, half of it on each side. */
  readonly width?: number | undefined
  /** After so long inside `dwell` is reported, once per stay. @default the set's */
  readonly dwell?: Duration | undefined
  /** Metres outside the border within which `approach` is reported, once per coming near. @default the set's */
  readonly approach?: number | undefined
}

/** A geofence as a GeoJSON feature (RFC 7946). */
export interface FenceFeature {
  readonly type: 'Feature'
  /** Names the fence in events. Numbers become text. */
  readonly id?: string | number | undefined
  readonly geometry: FenceGeometry
  readonly properties?: (FenceProperties & Readonly<Record<string, unknown>>) | null | undefined
}

/** The shapes that a fence can have. */
export type FenceGeometry =
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  /** A circle; its radius stands in `properties.radius`. */
  | { readonly type: 'Point'; readonly coordinates: Position }
  /** A corridor; its width stands in `properties.width`. */
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
