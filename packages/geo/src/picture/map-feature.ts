import type { Position } from '../coordinates/position.ts'

/** What can be drawn. */
export type MapGeometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'MultiPoint'; readonly coordinates: readonly Position[] }
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }

/** How a feature looks: the names of Mapbox's simplestyle 1.1, and what fences have; other properties are left alone. */
export interface MapStyle {
  /** Colour of a line or border, as in CSS. @default by the feature's place in the list */
  readonly stroke?: string | undefined
  /** Pixels. @default 2 */
  readonly 'stroke-width'?: number | undefined
  /** From 0 to 1. @default 1 */
  readonly 'stroke-opacity'?: number | undefined
  /** Colour of an area or point. @default the stroke's */
  readonly fill?: string | undefined
  /** From 0 to 1. @default 0.15, for points 1 */
  readonly 'fill-opacity'?: number | undefined
  /** Dashes of a line or border and the gaps between them in pixels, as in SVG: `6 3`. @default a whole line */
  readonly 'stroke-dasharray'?: string | undefined
  /** A text beside it. */
  readonly title?: string | undefined
  /** What is told when it is pointed at, and by screen readers. */
  readonly description?: string | undefined
  /** Metres around a `Point`, drawn to scale. @default a dot of 4 pixels */
  readonly radius?: number | undefined
  /** Metres across a `LineString`, drawn to scale as its corridor. */
  readonly width?: number | undefined
}

/** A GeoJSON feature as pictures take it. */
export interface MapFeature {
  readonly type: 'Feature'
  readonly geometry: MapGeometry
  readonly properties?: (MapStyle & Readonly<Record<string, unknown>>) | null | undefined
}
