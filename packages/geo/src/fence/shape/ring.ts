import { fenceErrors } from '../errors.ts'
import { readLine, type Line } from './line.ts'

/** A ring that is narrower than this in both directions, in degrees, is a point: some 0.1 mm. */
const smallest = 1e-9

/**
 * Reads a closed ring. A ring that goes round a pole (its longitudes end a full turn from where they began) is closed over
 * that pole, the nearer one.
 *
 * @throws `GEO_FENCE_INVALID`, `GEO_POSITION_INVALID`
 */
export function readRing(value: unknown, where: string): Line {
  const ring = readLine(value, where)
  if (ring.length < 8) throw invalid(where, `it has ${ring.length / 2} positions; a ring has four or more`)
  const turn = ring.at(-2)! - ring[0]!
  const closed = Math.abs(turn % 360) < smallest && ring.at(-1) === ring[1]
  if (!closed) throw invalid(where, 'its last position is not its first')
  if (Math.abs(turn) > 540) throw invalid(where, 'it goes round a pole more than once')
  if (Math.abs(turn) > 180) return overPole(ring)
  if (extent(ring, 0) < smallest || extent(ring, 1) < smallest)
    throw invalid(where, 'all its positions lie on one line or point')
  return withoutRepeats(ring)
}

function extent(ring: Line, axis: 0 | 1): number {
  let [low, high] = [Infinity, -Infinity]
  for (let at = axis; at < ring.length; at += 2) {
    low = Math.min(low, ring[at]!)
    high = Math.max(high, ring[at]!)
  }
  return high - low
}

/** A position twice in a row is an edge without length. */
function withoutRepeats(ring: Line): Line {
  if (!hasRepeats(ring)) return ring
  const kept: Line = []
  for (let at = 0; at < ring.length; at += 2)
    if (at === 0 || ring[at] !== kept.at(-2) || ring[at + 1] !== kept.at(-1)) kept.push(ring[at]!, ring[at + 1]!)
  return kept
}

function hasRepeats(ring: Line): boolean {
  for (let at = 2; at < ring.length; at += 2)
    if (ring[at] === ring[at - 2] && ring[at + 1] === ring[at - 1]) return true
  return false
}

function overPole(ring: Line): Line {
  let sum = 0
  for (let at = 1; at < ring.length; at += 2) sum += ring[at]!
  const pole = sum < 0 ? -90 : 90
  const way = withoutRepeats(ring)
  return [...way, way.at(-2)!, pole, way[0]!, pole, way[0]!, way[1]!]
}

function invalid(where: string, reason: string) {
  return fenceErrors.GEO_FENCE_INVALID({ where, reason })
}
