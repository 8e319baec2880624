import { left, onEdge } from './predicates.ts'

/** The point is on one of the edges; the lowest bit still tells whether the number of crossings is odd. */
const onBorder = 1 << 31

/**
 * How many of the edges from `first` to `end`, places in `vertices`, the way from a point to the reference point crosses;
 * negative when the point lies on one of them. Of two areas with a common edge a point on it is in exactly one.
 */
export function crossExactly(
  vertices: Float64Array,
  first: number,
  end: number,
  x: number,
  y: number,
  refX: number,
  refY: number,
): number {
  const alongX = refX - x
  const alongY = refY - y
  let crossings = 0
  let ax = vertices[first]!
  let ay = vertices[first + 1]!
  let a = alongX * (ay - y) - alongY * (ax - x)
  for (let at = first + 2; at <= end; at += 2) {
    const bx = vertices[at]!
    const by = vertices[at + 1]!
    const b = alongX * (by - y) - alongY * (bx - x)
    // Both ends on one side: the way does not cross the edge, and the point is not on it.
    if (a > 0 !== b > 0 || a === 0 || b === 0) {
      if (onEdge(ax, ay, bx, by, x, y)) crossings |= onBorder
      const crosses = a > 0 !== b > 0 && left(ax, ay, bx, by, x, y) !== left(ax, ay, bx, by, refX, refY)
      if (crosses) crossings++
    }
    ax = bx
    ay = by
    a = b
  }
  return crossings
}
