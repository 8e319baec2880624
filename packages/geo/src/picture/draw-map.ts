import { checkPosition, type Position } from '../coordinates/position.ts'
import { metresPerDegree, radians } from '../coordinates/sphere.ts'
import { pictureErrors } from './errors.ts'
import type { MapFeature, MapGeometry } from './map-feature.ts'
import { projectionOf, type MapBounds } from './projection.ts'
import { drawFeature, type Outline } from './svg-shapes.ts'
import { escapeXml } from './escape-xml.ts'
import { scaleBar } from './scale-bar.ts'

/** Options of {@link drawMap}. */
export interface DrawMapOptions {
  /** Pixels, 16 to 8192. @default 800 */
  readonly width?: number | undefined
  /** Pixels, 16 to 8192. @default as high as the features need */
  readonly height?: number | undefined
  /** A heading, which screen readers read, too. */
  readonly title?: string | undefined
  /** What can be seen, for those who cannot. */
  readonly description?: string | undefined
  /** Colour behind everything, as in CSS. @default 'white' */
  readonly background?: string | undefined
}

const padding = 24

/**
 * Draws features as a plain SVG picture: fences, routes, isochrones, traces. In Web Mercator, fitted to the features, with a
 * scale; the first in the list lies at the bottom. Everything in it is text of its own: no map tiles, no scripts, no links.
 *
 * @throws `GEO_PICTURE_INVALID`, `GEO_POSITION_INVALID`
 * @example
 * ```ts
 * import { drawMap } from '@exprsn/geo/picture'
 *
 * const svg = drawMap([
 *   { type: 'Feature', geometry: { type: 'Point', coordinates: [9.52, 47.14] }, properties: { radius: 300, title: 'Depot' } },
 *   { type: 'Feature', geometry: { type: 'LineString', coordinates: [[9.5, 47.13], [9.53, 47.15]] } },
 * ])
 * console.log(svg.startsWith('<svg')) // true
 * ```
 */
export function drawMap(features: readonly MapFeature[], options: DrawMapOptions = {}): string {
  const { title, description, background = 'white' } = options
  const width = pixels('width', options.width ?? 800)
  const height = options.height === undefined ? undefined : pixels('height', options.height)
  const outlines = features.map((feature, index) => readOutline(feature, `features[${index}]`))
  const projection = projectionOf(boundsOf(outlines), { width, height, padding })
  const shapes = outlines.map((outline, index) => drawFeature(outline, index, projection))
  const heading =
    title === undefined
      ? []
      : [`<text class="title" x="${padding}" y="18" font-weight="bold">${escapeXml(title)}</text>`]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${projection.height}" width="${width}"` +
      ` height="${projection.height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    ...(title === undefined ? [] : [`<title>${escapeXml(title)}</title>`]),
    ...(description === undefined ? [] : [`<desc>${escapeXml(description)}</desc>`]),
    `<rect width="100%" height="100%" fill="${escapeXml(background)}"/>`,
    ...shapes,
    ...heading,
    scaleBar(projection, middleLatitude(outlines)),
    '</svg>\n',
  ].join('\n')
}

function pixels(option: string, value: number): number {
  if (Number.isFinite(value) && value >= 16 && value <= 8_192) return Math.round(value)
  throw invalid(`its ${option} is ${value}`)
}

/** Lines of a feature, their longitudes near those of the first, so that nothing is torn apart at the antimeridian. */
function readOutline(feature: MapFeature, where: string): Outline {
  if (feature?.type !== 'Feature') throw invalid(`${where} is no feature`)
  const { geometry, properties } = feature
  const at = `${where}.geometry.coordinates`
  const lines = linesOf(geometry, where).map((line, index) => readLine(line, `${at}[${index}]`))
  return { kind: kindOf(geometry), lines, style: properties ?? {} }
}

function linesOf(geometry: MapGeometry, where: string): readonly (readonly Position[])[] {
  const list = <Item>(value: readonly Item[]): readonly Item[] => {
    if (Array.isArray(value)) return value
    throw invalid(`${where} has no coordinates`)
  }
  switch (geometry?.type) {
    case 'Point':
      return [[geometry.coordinates]]
    case 'MultiPoint':
      return list(geometry.coordinates).map((position) => [position])
    case 'LineString':
      return [list(geometry.coordinates)]
    case 'MultiLineString':
    case 'Polygon':
      return list(geometry.coordinates)
    case 'MultiPolygon':
      return list(geometry.coordinates).flatMap((rings) => list(rings))
    default:
      throw invalid(`${where} has a geometry of type ${JSON.stringify((geometry as { type?: unknown } | null)?.type)}`)
  }
}

function kindOf({ type }: MapGeometry): Outline['kind'] {
  return type.endsWith('Point') ? 'point' : type.endsWith('LineString') ? 'line' : 'area'
}

function readLine(line: unknown, where: string): Position[] {
  if (!Array.isArray(line)) throw invalid(`${where} is no list of positions`)
  let turn = 0
  let before: number | undefined
  return line.map((value: unknown, index): Position => {
    const [longitude, latitude] = checkPosition(value, `${where}[${index}]`)
    const step = before === undefined ? 0 : longitude + turn - before
    if (step > 180) turn -= 360
    else if (step < -180) turn += 360
    before = longitude + turn
    return [before, latitude]
  })
}

function boundsOf(outlines: readonly Outline[]): MapBounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { lines, style } of outlines)
    for (const [longitude, latitude] of lines.flat()) {
      const reach = Math.max(style.radius ?? 0, (style.width ?? 0) / 2) / metresPerDegree
      const across = reach / Math.max(0.01, Math.cos(latitude * radians))
      west = Math.min(west, longitude - across)
      east = Math.max(east, longitude + across)
      south = Math.min(south, latitude - reach)
      north = Math.max(north, latitude + reach)
    }
  return Number.isFinite(west) ? [west, south, east, north] : [-180, -60, 180, 75]
}

function middleLatitude(outlines: readonly Outline[]): number {
  const [, south, , north] = boundsOf(outlines)
  return (south + north) / 2
}

function invalid(reason: string) {
  return pictureErrors.GEO_PICTURE_INVALID({ reason })
}
