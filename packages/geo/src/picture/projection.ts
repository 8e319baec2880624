import { metresPerDegree, radians } from '../coordinates/sphere.ts'

/** A place on the picture, in pixels from its upper left corner. */
export type Pixel = readonly [x: number, y: number]

/** Where places lie on a picture. */
export interface Projection {
  readonly width: number
  readonly height: number
  pixel(longitude: number, latitude: number): Pixel
  /** Pixels of a length in metres at a latitude. */
  pixels(metres: number, latitude: number): number
}

/** West, south, east, north in degrees; east may lie beyond 180. */
export type MapBounds = readonly [west: number, south: number, east: number, north: number]

/** Beyond this Web Mercator does not go (EPSG:3857). */
const mostNorthern = 85.05

/** Web Mercator, so that bounds fill a picture; without a height, as high as they need. */
export function projectionOf(
  [west, south, east, north]: MapBounds,
  { width, height, padding }: { readonly width: number; readonly height: number | undefined; readonly padding: number },
): Projection {
  const left = west
  const top = mercator(north)
  // A single place has no extent: show a hundred metres around it.
  const across = Math.max(east - west, 0.002)
  const down = Math.max(top - mercator(south), 0.002)
  const inner = width - 2 * padding
  const naturalHeight = Math.round(Math.min(2 * width, Math.max(width / 4, (inner * down) / across + 2 * padding)))
  const fullHeight = height ?? naturalHeight
  const scale = Math.min(inner / across, (fullHeight - 2 * padding) / down)
  const marginX = (width - (east - west) * scale) / 2
  const marginY = (fullHeight - (top - mercator(south)) * scale) / 2
  return {
    width,
    height: fullHeight,
    pixel: (longitude, latitude) => [
      marginX + (longitude - left) * scale,
      marginY + (top - mercator(latitude)) * scale,
    ],
    pixels: (metres, latitude) => (metres / (metresPerDegree * Math.cos(clamp(latitude) * radians))) * scale,
  }
}

/** Degrees along the equator that correspond to a latitude. */
function mercator(latitude: number): number {
  return Math.log(Math.tan(Math.PI / 4 + (clamp(latitude) * radians) / 2)) / radians
}

function clamp(latitude: number): number {
  return Math.max(-mostNorthern, Math.min(mostNorthern, latitude))
}
