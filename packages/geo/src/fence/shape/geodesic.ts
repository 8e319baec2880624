import { radians } from '../../coordinates/sphere.ts'
import type { Line } from './line.ts'

/** Between two points of a divided edge the straight line and the great circle differ by less, in degrees: some 0.1 m. */
const tolerance = 1e-6
const mostHalvings = 12

/** Puts points on the great circles between the points of a line, so that its straight edges follow them. */
export function followGreatCircles(line: Line): Line {
  const followed: Line = [line[0]!, line[1]!]
  for (let at = 2; at < line.length; at += 2) {
    const from = { x: line[at - 2]!, y: line[at - 1]! }
    const to = { x: line[at]!, y: line[at + 1]! }
    halve(from, to, followed, mostHalvings)
    followed.push(to.x, to.y)
  }
  return followed
}

interface Point {
  readonly x: number
  readonly y: number
}

function halve(from: Point, to: Point, followed: Line, left: number): void {
  if (left === 0 || from.x === to.x || Math.abs(from.y) === 90 || Math.abs(to.y) === 90) return
  const middle = midpoint(from, to)
  const offX = Math.abs(middle.x - (from.x + to.x) / 2) * Math.cos(middle.y * radians)
  const offY = Math.abs(middle.y - (from.y + to.y) / 2)
  if (offX < tolerance && offY < tolerance) return
  halve(from, middle, followed, left - 1)
  followed.push(middle.x, middle.y)
  halve(middle, to, followed, left - 1)
}

/** Half way on the great circle (https://www.movable-type.co.uk/scripts/latlong.html, "Midpoint"). */
function midpoint(from: Point, to: Point): Point {
  const span = (to.x - from.x) * radians
  const fromY = from.y * radians
  const toY = to.y * radians
  const bx = Math.cos(toY) * Math.cos(span)
  const by = Math.cos(toY) * Math.sin(span)
  const y = Math.atan2(Math.sin(fromY) + Math.sin(toY), Math.hypot(Math.cos(fromY) + bx, by))
  const x = from.x * radians + Math.atan2(by, Math.cos(fromY) + bx)
  return { x: x / radians, y: y / radians }
}
