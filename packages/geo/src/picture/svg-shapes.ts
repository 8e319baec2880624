import type { Position } from '../coordinates/position.ts'
import { escapeXml } from './escape-xml.ts'
import type { MapStyle } from './map-feature.ts'
import { palette } from './palette.ts'
import type { Projection } from './projection.ts'

/** A feature made of lines. */
export interface Outline {
  readonly kind: 'point' | 'line' | 'area'
  readonly lines: readonly (readonly Position[])[]
  readonly style: MapStyle
}

/** One feature as SVG. */
export function drawFeature({ kind, lines, style }: Outline, index: number, projection: Projection): string {
  const stroke = style.stroke ?? palette[index % palette.length]!
  const shapes =
    kind === 'point'
      ? lines.map((line) => drawPoint(line[0]!, style, stroke, projection))
      : [
          ...(kind === 'line' && style.width !== undefined ? [drawCorridor(lines, style, stroke, projection)] : []),
          drawPath(kind, lines, style, stroke, projection),
        ]
  const label = style.title === undefined ? [] : [drawLabel(String(style.title), lines, projection)]
  const all = [...shapes, ...label].join('\n')
  return typeof style.description === 'string' ? `<g><title>${escapeXml(style.description)}</title>${all}</g>` : all
}

function drawPoint([x, y]: Position, style: MapStyle, stroke: string, projection: Projection): string {
  const [cx, cy] = projection.pixel(x, y)
  const isDot = style.radius === undefined
  const radius = isDot ? 4 : projection.pixels(finite(style.radius, 0), y)
  const paint = paintOf(style, stroke, isDot ? 1 : 0.15)
  return `<circle cx="${short(cx)}" cy="${short(cy)}" r="${short(radius)}" ${paint}/>`
}

function drawPath(
  kind: Outline['kind'],
  lines: Outline['lines'],
  style: MapStyle,
  stroke: string,
  projection: Projection,
): string {
  const paint = kind === 'area' ? `${paintOf(style, stroke, 0.15)} fill-rule="evenodd"` : strokeOf(style, stroke)
  const dashes = style['stroke-dasharray']
  const dashed = typeof dashes === 'string' ? ` stroke-dasharray="${escapeXml(dashes)}"` : ''
  return `<path d="${pathOf(lines, kind === 'area', projection)}" ${paint}${dashed} stroke-linejoin="round" stroke-linecap="round"/>`
}

function drawCorridor(lines: Outline['lines'], style: MapStyle, stroke: string, projection: Projection): string {
  const latitude = lines[0]?.[0]?.[1] ?? 0
  const width = short(projection.pixels(finite(style.width, 0), latitude))
  const colour = escapeXml(style.fill ?? stroke)
  const opacity = short(finite(style['fill-opacity'], 0.15))
  const d = pathOf(lines, false, projection)
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"/>`
}

function drawLabel(title: string, lines: Outline['lines'], projection: Projection): string {
  const [first] = lines
  const place = first?.[Math.floor(first.length / 2)]
  if (place === undefined) return ''
  const [x, y] = projection.pixel(place[0], place[1])
  // Near the right border it stands on the other side.
  const isRight = x + 7 * title.length > projection.width - 4 && x > projection.width / 2
  const anchor = isRight ? ` text-anchor="end"` : ''
  return `<text x="${short(isRight ? x - 6 : x + 6)}" y="${short(Math.max(12, y - 6))}"${anchor} paint-order="stroke" stroke="white" stroke-width="3">${escapeXml(title)}</text>`
}

function pathOf(lines: Outline['lines'], isClosed: boolean, projection: Projection): string {
  return lines.map((line) => lineOf(line, projection) + (isClosed ? 'Z' : '')).join('')
}

/** Positions that fall on the pixel before are left out: a trace of a million fixes stays a picture. */
function lineOf(line: readonly Position[], projection: Projection): string {
  let path = ''
  let [lastX, lastY] = [Number.NaN, Number.NaN]
  for (const [index, [longitude, latitude]] of line.entries()) {
    const [x, y] = projection.pixel(longitude, latitude)
    if (Math.abs(x - lastX) < 0.5 && Math.abs(y - lastY) < 0.5 && index < line.length - 1) continue
    path += `${path === '' ? 'M' : 'L'}${short(x)} ${short(y)}`
    lastX = x
    lastY = y
  }
  return path
}

function paintOf(style: MapStyle, stroke: string, opacity: number): string {
  const fill = escapeXml(style.fill ?? stroke)
  return `fill="${fill}" fill-opacity="${short(finite(style['fill-opacity'], opacity))}" ${strokePaint(style, stroke)}`
}

function strokeOf(style: MapStyle, stroke: string): string {
  return `fill="none" ${strokePaint(style, stroke)}`
}

function strokePaint(style: MapStyle, stroke: string): string {
  const width = short(finite(style['stroke-width'], 2))
  return `stroke="${escapeXml(stroke)}" stroke-width="${width}" stroke-opacity="${short(finite(style['stroke-opacity'], 1))}"`
}

function finite(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10)
}
