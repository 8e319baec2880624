import { earthRadius, metresPerDegree, radians } from '../../coordinates/sphere.ts'
import type { Outline } from '../index/outline.ts'
import type { Line } from './line.ts'
import type { FencePart } from './read-shape.ts'

/**
 * What the index is given for the parts of a fence. The index knows longitudes from -180 to 180 only: what reaches beyond
 * is there again, one turn further.
 */
export function outlinesOf(owner: number, parts: readonly FencePart[]): readonly Outline[] {
  return parts.flatMap((part) => turnsOf(part).map((turn) => outline(owner, part, turn * 360)))
}

/** The zone around the parts of a fence that reports an approach. */
export function approachZone(parts: readonly FencePart[], metres: number): readonly FencePart[] {
  return parts.map((part) => ({ metres: (part.metres ?? 0) + metres, lines: part.lines }))
}

function outline(owner: number, { metres, lines }: FencePart, shift: number): Outline {
  return { owner, metres, lines: shift === 0 ? lines : lines.map((line) => shifted(line, shift)) }
}

function shifted(line: Line, shift: number): Line {
  return line.map((value, index) => (index % 2 === 0 ? value + shift : value))
}

function turnsOf({ metres, lines }: FencePart): readonly number[] {
  let [low, high, north] = [Infinity, -Infinity, 0]
  for (const line of lines)
    for (let at = 0; at < line.length; at += 2) {
      low = Math.min(low, line[at]!)
      high = Math.max(high, line[at]!)
      north = Math.max(north, Math.abs(line[at + 1]!))
    }
  const around = metres === undefined ? 0 : longitudeReach(metres, north)
  const turns: number[] = []
  for (let turn = Math.ceil((-180 - high - around) / 360); turn * 360 + low - around <= 180; turn++) turns.push(turn)
  return turns
}

/** How far in degrees of longitude a reach in metres goes at a latitude; all the way round when it reaches a pole. */
function longitudeReach(metres: number, latitude: number): number {
  const rim = latitude + metres / metresPerDegree
  if (rim >= 90) return 180
  const share = Math.sin(Math.min(1, metres / earthRadius)) / Math.cos(latitude * radians)
  return share >= 1 ? 180 : (Math.asin(share) / radians) * 1.001
}
